import { Icon, type IconName } from "../../icons";
import type { Channel } from "../../shapes";
import { t } from "../words";

const icons: Record<Channel, IconName> = { whatsapp: "chat", telegram: "plane", webchat: "globe" };

/** Which channel somebody writes on. */
export function ChannelIcon({ channel }: { channel: Channel }) {
  return (
    <span class={`channel ${channel}`} title={t(channel)}>
      <Icon name={icons[channel]} label={t(channel)} />
    </span>
  );
}
