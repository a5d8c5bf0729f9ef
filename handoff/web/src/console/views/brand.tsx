import icon from "../../icon.svg";

/** The helmet and the name. */
export function Brand() {
  return (
    <span class="brand">
      <img src={icon} alt="" width="28" height="28" />
      Bauruf
    </span>
  );
}
