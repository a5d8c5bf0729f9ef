import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { now } from "../../clock";
import { Icon } from "../../icons";
import type { Line } from "../line";
import { act } from "../lines";
import { t } from "../words";

/** What browsers record, the most widely playable first. */
const formats = ["audio/ogg;codecs=opus", "audio/mp4", "audio/webm;codecs=opus"];

/** Records at once; sent with one tap, or discarded. */
export function Recorder({ line, done }: { line: Line; done: () => void }) {
  const started = useSignal<number | null>(null);
  const impossible = useSignal(false);
  const recorder = useRef<MediaRecorder | null>(null);
  const chunks = useRef<Blob[]>([]);

  useEffect(() => {
    let left = false;
    let sound: MediaStream | null = null;
    record().then(
      (made) => {
        sound = made.stream;
        if (left) return release(sound);
        recorder.current = made;
        made.ondataavailable = ({ data }) => chunks.current.push(data);
        made.start(250);
        started.value = now.peek();
      },
      () => (impossible.value = true),
    );
    return () => {
      left = true;
      if (sound) release(sound);
    };
  }, []);

  function send() {
    const made = recorder.current;
    if (!made) return;
    made.onstop = () => {
      const type = made.mimeType.split(";")[0]!;
      const ending = type.split("/")[1]!;
      const stamp = new Date().toISOString().slice(0, 19).replace(/[-:T]/g, "");
      void act(line, {}, [new File(chunks.current, `${stamp}.${ending}`, { type })]);
      done();
    };
    made.stop();
  }

  const seconds = started.value === null ? 0 : Math.max(0, Math.round((now.value - started.value) / 1000));
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (
    <div class="phone-writing recording">
      <button class="round" aria-label={t("discard")} onClick={done}>
        <Icon name="trash" />
      </button>
      <p role="status">{impossible.value ? t("no_microphone") : t("recording", { time })}</p>
      <button class="round go" aria-label={t("stop_send")} disabled={started.value === null} onClick={send}>
        <Icon name="send" />
      </button>
    </div>
  );
}

/** Without https and without permission there is no microphone; both throw. */
async function record(): Promise<MediaRecorder> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = formats.find((format) => MediaRecorder.isTypeSupported(format));
  return new MediaRecorder(stream, mimeType ? { mimeType } : {});
}

function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
