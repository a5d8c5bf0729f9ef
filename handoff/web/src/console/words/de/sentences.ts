/**
 * What the server says in whole English sentences, in German: why something was not sent or fetched,
 * and what the operator must mend. `{0}`, `{1}` … stand for what differs from case to case; it is
 * looked up here itself, and stays as it is when nothing is found.
 */
export const sentences: Record<string, string> = {
  "Telegram refuses the bot's token. Check BAURUF_TELEGRAM_TOKEN with @BotFather and restart.":
    "Telegram lehnt das Token des Bots ab. Bitte BAURUF_TELEGRAM_TOKEN bei @BotFather prüfen und neu starten.",
  "Telegram refuses the bot's token.": "Telegram lehnt das Token des Bots ab.",
  "This person has blocked the bot.": "Diese Person hat den Bot blockiert.",
  "This person's Telegram account no longer exists.": "Das Telegram-Konto dieser Person gibt es nicht mehr.",
  "The bot was removed from this chat.": "Der Bot wurde aus diesem Chat entfernt.",
  "This person has not started the bot yet.": "Diese Person hat den Bot noch nicht gestartet.",
  "Telegram does not know this chat.": "Telegram kennt diesen Chat nicht.",
  "The text is too long for one Telegram message.": "Der Text ist zu lang für eine Telegram-Nachricht.",
  "The file is too big for Telegram.": "Die Datei ist zu groß für Telegram.",
  "The bot may not write in this chat.": "Der Bot darf in diesem Chat nicht schreiben.",
  "Telegram is limiting us; the message waits.": "Telegram bremst uns gerade; die Nachricht wartet.",
  "Telegram does not let us write to this person.": "Telegram lässt uns dieser Person nicht schreiben.",
  "Telegram reports a conflict; the message waits.": "Telegram meldet einen Konflikt; die Nachricht wartet.",
  "Telegram did not answer; the message may have been sent.":
    "Telegram hat nicht geantwortet; vielleicht ist die Nachricht trotzdem angekommen.",
  "Telegram has a fault; the message waits.": "Telegram ist gestört; die Nachricht wartet.",
  "Telegram's answer could not be understood.": "Die Antwort von Telegram war nicht zu verstehen.",
  "Telegram did not accept the message.": "Telegram hat die Nachricht nicht angenommen.",
  "Telegram cannot be reached.": "Telegram ist nicht erreichbar.",
  "Telegram takes files of at most {0} MB.": "Telegram nimmt Dateien bis höchstens {0} MB.",
  "Telegram named no file.": "Telegram hat keine Datei genannt.",
  "The file is larger than the 20 MB that Telegram hands out to bots.":
    "Die Datei ist größer als die 20 MB, die Telegram an Bots herausgibt.",
  "Telegram has not prepared the file yet.": "Telegram stellt die Datei noch bereit.",
  "Telegram no longer has the file.": "Telegram hat die Datei nicht mehr.",
  "This Telegram bot is connected to another system at {0}. Disconnect it there, use another bot, or set BAURUF_PUBLIC_URL to take the bot over.":
    "Dieser Telegram-Bot ist mit einem anderen System unter {0} verbunden. Bitte dort trennen, einen anderen Bot nehmen oder ihn mit BAURUF_PUBLIC_URL übernehmen.",
  "Telegram cannot call {0}: {1}. It needs https on port 443, 80, 88 or 8443 with a valid certificate. Mend BAURUF_PUBLIC_URL, or remove it to use polling.":
    "Telegram kann {0} nicht aufrufen: {1}. Nötig ist https auf Port 443, 80, 88 oder 8443 mit gültigem Zertifikat. Bitte BAURUF_PUBLIC_URL berichtigen oder entfernen, dann wird abgefragt.",
  "Telegram could not be told where to deliver messages. Restart when it can be reached.":
    "Telegram ließ sich nicht sagen, wohin es Nachrichten liefern soll. Bitte neu starten, sobald es erreichbar ist.",
  "Another program fetches this Telegram bot's messages. Only one may: stop the other one, or set BAURUF_TELEGRAM_TOKEN to another bot's token.":
    "Ein anderes Programm holt die Nachrichten dieses Telegram-Bots ab. Das darf nur eines: bitte das andere beenden oder in BAURUF_TELEGRAM_TOKEN das Token eines anderen Bots eintragen.",

  "WhatsApp did not take the message ({0}).": "WhatsApp hat die Nachricht nicht angenommen ({0}).",
  "no reason given": "ohne Angabe eines Grundes",
  "error {0}": "Fehler {0}",
  "This person has asked not to get messages (STOP).": "Diese Person möchte keine Nachrichten bekommen (STOP).",
  "This person has blocked our WhatsApp number.": "Diese Person hat unsere WhatsApp-Nummer blockiert.",
  "WhatsApp cannot deliver to this recipient.": "WhatsApp kann diesem Empfänger nichts zustellen.",
  "This is not a valid phone number.": "Das ist keine gültige Telefonnummer.",
  "This phone number is not on WhatsApp.": "Diese Telefonnummer ist nicht bei WhatsApp.",
  "WhatsApp withholds this message from this person; do not repeat it.":
    "WhatsApp hält diese Nachricht vor dieser Person zurück; bitte nicht wiederholen.",
  "The last message of this person is over 24 hours old: only a template may be sent.":
    "Die letzte Nachricht dieser Person ist über 24 Stunden alt: Erlaubt ist nur noch eine Vorlage.",
  "WhatsApp does not take files of this type.": "WhatsApp nimmt Dateien dieser Art nicht an.",
  "The text is too long for one WhatsApp message.": "Der Text ist zu lang für eine WhatsApp-Nachricht.",
  "Twilio could not fetch the file from our server.": "Twilio konnte die Datei nicht von unserem Server holen.",
  "WhatsApp does not accept the content of this message.": "WhatsApp nimmt den Inhalt dieser Nachricht nicht an.",
  "WhatsApp rejects the content because of its policy.": "WhatsApp lehnt den Inhalt wegen seiner Richtlinien ab.",
  "WhatsApp could not download the file.": "WhatsApp konnte die Datei nicht herunterladen.",
  "WhatsApp found the content of this message invalid.": "WhatsApp hält den Inhalt dieser Nachricht für ungültig.",
  "The template does not exist.": "Die Vorlage gibt es nicht.",
  "The template's variables are not valid.": "Die Variablen der Vorlage sind nicht gültig.",
  "The template does not exist in this language.": "Die Vorlage gibt es in dieser Sprache nicht.",
  "The template was filled with too few or too many variables.":
    "Die Vorlage wurde mit zu wenigen oder zu vielen Variablen gefüllt.",
  "Twilio refuses the credentials. Check BAURUF_TWILIO_ACCOUNT_SID and BAURUF_TWILIO_AUTH_TOKEN.":
    "Twilio lehnt die Zugangsdaten ab. Bitte BAURUF_TWILIO_ACCOUNT_SID und BAURUF_TWILIO_AUTH_TOKEN prüfen.",
  "Twilio does not know this account. Check BAURUF_TWILIO_ACCOUNT_SID and the API address.":
    "Twilio kennt dieses Konto nicht. Bitte BAURUF_TWILIO_ACCOUNT_SID und die API-Adresse prüfen.",
  "WhatsApp refuses Twilio's access. Check the sender in Twilio's console.":
    "WhatsApp verweigert Twilio den Zugang. Bitte den Absender in der Twilio-Konsole prüfen.",
  "Twilio has no WhatsApp sender with this number. Check BAURUF_WHATSAPP_FROM.":
    "Twilio hat keinen WhatsApp-Absender mit dieser Nummer. Bitte BAURUF_WHATSAPP_FROM prüfen.",
  "This is Twilio's sandbox, and the recipient has not joined it.":
    "Das ist die Sandbox von Twilio, und der Empfänger ist ihr nicht beigetreten.",
  "WhatsApp has not accepted Twilio's invitation for this business account.":
    "WhatsApp hat die Einladung von Twilio für dieses Unternehmenskonto nicht angenommen.",
  "Twilio is limiting us; the message waits.": "Twilio bremst uns gerade; die Nachricht wartet.",
  "WhatsApp is limiting us; the message waits.": "WhatsApp bremst uns gerade; die Nachricht wartet.",
  "WhatsApp has a fault; the message waits.": "WhatsApp ist gestört; die Nachricht wartet.",
  "Twilio has a fault.": "Twilio ist gestört.",
  "Twilio did not answer; the message may have been sent.":
    "Twilio hat nicht geantwortet; vielleicht ist die Nachricht trotzdem angekommen.",
  "Twilio's answer could not be understood.": "Die Antwort von Twilio war nicht zu verstehen.",
  "Twilio cannot be reached.": "Twilio ist nicht erreichbar.",
  "WhatsApp takes {0} of at most {1} MB.": "WhatsApp nimmt {0} bis höchstens {1} MB.",
  pictures: "Bilder",
  files: "Dateien",
  "WhatsApp fetches files from us: set BAURUF_PUBLIC_URL to send them.":
    "WhatsApp holt Dateien bei uns ab: Zum Senden muss BAURUF_PUBLIC_URL gesetzt sein.",
  "WhatsApp named no address for the file.": "WhatsApp hat keine Adresse für die Datei genannt.",

  "The file is no longer stored.": "Die Datei ist nicht mehr gespeichert.",
  "The file was not uploaded completely.": "Die Datei wurde nicht vollständig hochgeladen.",
  "The provider answered {0} for the file.": "Der Anbieter antwortete mit {0} auf die Bitte um die Datei.",
  "The provider did not hand out the file (HTTP {0}).": "Der Anbieter hat die Datei nicht herausgegeben (HTTP {0}).",
  "The file could not be fetched yet ({0}).": "Die Datei ließ sich noch nicht abholen ({0}).",
  "The file is larger than {0} MB.": "Die Datei ist größer als {0} MB.",
  "Larger than {0} MB.": "Größer als {0} MB.",
  "The provider redirected too often.": "Der Anbieter hat zu oft weitergeleitet.",
  "The file lies at an address that is not public.": "Die Datei liegt unter einer Adresse, die nicht öffentlich ist.",
  "The provider named a file address that is no web address.":
    "Der Anbieter hat eine Adresse genannt, die keine Webadresse ist.",
  "The provider named a file address that is none.": "Der Anbieter hat eine Adresse genannt, die keine ist.",
  "The provider no longer has the file.": "Der Anbieter hat die Datei nicht mehr.",
  "The host of the file is not known at the moment.": "Der Rechner mit der Datei ist gerade nicht zu finden.",
  "The channel is not connected any more.": "Der Kanal ist nicht mehr angeschlossen.",

  "a poll": "eine Umfrage",
  "a dice": "ein Würfel",
  "a game": "ein Spiel",
  "an invoice": "eine Rechnung in Telegram",
  "a story": "eine Story",
  "a live photo": "ein Live-Foto",
  "paid media": "bezahlte Medien",
  "a checklist": "eine Checkliste",
  "a giveaway": "eine Verlosung",
  "a gift": "ein Geschenk",
  "Telegram Passport data": "Daten aus Telegram Passport",
  "a payment": "eine Zahlung",
  "a shared user": "eine geteilte Person",
  "a shared chat": "ein geteilter Chat",
  "data of a web app": "Daten einer Web-App",
  "a kind of message that is not known": "eine unbekannte Art von Nachricht",
  "a message without content": "eine Nachricht ohne Inhalt",
  "a WhatsApp message of the kind “{0}”": "eine WhatsApp-Nachricht der Art „{0}“",
  group: "aus einer Gruppe",
  "a location that is none": "ein Standort, der keiner ist",

  "An update of the kind {0}.": "Ein Update der Art „{0}“.",
  "An update of a kind we do not know.": "Ein Update unbekannter Art.",
  "The bot was unblocked.": "Der Bot wurde freigegeben.",
  "The bot was blocked.": "Der Bot wurde blockiert.",
  "This is not a Telegram update.": "Das ist kein Update von Telegram.",
  "The update cannot be parsed ({0}).": "Das Update ist nicht lesbar ({0}).",
  "A business account has disconnected the bot.": "Ein Geschäftskonto hat den Bot getrennt.",
  "This is a service message.": "Eine Dienstmeldung von Telegram.",
  "This is an edit in a group.": "Eine Änderung in einer Gruppe.",
  "A tap on something that was not ours.": "Ein Tippen auf etwas, das nicht von uns war.",
  "The bot's role in a group or channel has changed.":
    "Die Rolle des Bots in einer Gruppe oder einem Kanal hat sich geändert.",
  "It was written by a program in a group.": "Von einem Programm in einer Gruppe geschrieben.",
  "It was written in a channel.": "In einem Kanal geschrieben.",
  "This message has no author.": "Diese Nachricht hat keinen Absender.",
  "It was written by a program.": "Von einem Programm geschrieben.",
  "There are more parameters than Twilio ever sends.": "Mehr Angaben, als Twilio je sendet.",
  "MessageSid is missing or is none.": "MessageSid fehlt oder ist keine.",
  "This is a status report, sent to the address for messages.":
    "Ein Zustellbericht, gesendet an die Adresse für Nachrichten.",
  "From is missing or is no WhatsApp address.": "From fehlt oder ist keine WhatsApp-Adresse.",
  "From or ExternalUserId is neither a phone nor a user id.":
    "From oder ExternalUserId ist weder Telefonnummer noch Nutzerkennung.",
  "From is neither a phone nor a user id.": "From ist weder Telefonnummer noch Nutzerkennung.",
  "This status report has no MessageSid.": "Dieser Zustellbericht hat keine MessageSid.",
  "This status report has no status we know.": "Dieser Zustellbericht hat keinen bekannten Status.",

  "{0} The linear engine answers meanwhile.": "{0} Bis dahin antwortet das eingebaute Sprachmodell.",
  "Rasa did not answer within {0} seconds.": "Rasa hat nicht innerhalb von {0} Sekunden geantwortet.",
  "Rasa cannot be reached ({0}).": "Rasa ist nicht erreichbar ({0}).",
  "Rasa answered with HTTP status {0}; expected 200.": "Rasa antwortete mit HTTP-Status {0}; erwartet war 200.",
  "Rasa refuses the token; BAURUF_RASA_TOKEN must be its --auth-token.":
    "Rasa lehnt das Token ab; BAURUF_RASA_TOKEN muss sein --auth-token sein.",
  "Rasa answered with something else than JSON.": "Rasa hat nicht in JSON geantwortet.",
  "Rasa's answer is no parse result; expected a JSON object.":
    "Die Antwort von Rasa ist kein Ergebnis; erwartet war ein JSON-Objekt.",
  "Rasa's answer is no parse result; expected intents with confidences.":
    "Die Antwort von Rasa ist kein Ergebnis; erwartet waren Absichten mit Sicherheiten.",
  "Rasa's answer is no parse result; expected finite confidences.":
    "Die Antwort von Rasa ist kein Ergebnis; erwartet waren endliche Sicherheiten.",
  "Rasa named no intent; does the server have a trained model?":
    "Rasa hat kein Anliegen genannt; hat der Server ein trainiertes Modell?",
  "Rasa has no model. Train one on the page Training, and let it answer.":
    "Rasa hat noch kein Modell. Bitte auf der Seite „Training“ eines trainieren und antworten lassen.",
  "Rasa serves the model {0}; {1} was promoted. Started as `make rasa` says, it fetches that by itself.":
    "Rasa antwortet noch mit dem Modell {0}; freigegeben ist {1}. So gestartet, wie `make rasa` es sagt, holt es sich das von selbst.",
  "The promoted version {0} has no model for Rasa, which serves {1}.":
    "Die freigegebene Version {0} hat kein Modell für Rasa, das noch {1} hat.",
  "Rasa's environment is missing; `make rasa` builds it (about 2.4 GB).":
    "Rasa ist hier nicht installiert; das erledigt `make rasa` (etwa 2,4 GB).",
  "Rasa could not train; its last words: {0}": "Rasa konnte nicht trainieren. Seine letzten Worte: {0}",
  "Rasa's server does not start; its last words: {0}": "Der Rasa-Server startet nicht. Seine letzten Worte: {0}",

  "{0} does not have this company. Create it there with customer number {1}, and the contact follows by itself":
    "{0} kennt diese Firma nicht. Bitte dort mit der Kundennummer {1} anlegen; der Kontakt folgt dann von selbst",
  "{0} did not answer in time": "{0} hat nicht rechtzeitig geantwortet",
  "{0} cannot be reached ({1})": "{0} ist nicht erreichbar ({1})",
  "{0} answered {1}": "{0} antwortete {1}",
  "The person is no longer on file": "Die Person ist nicht mehr erfasst",
};
