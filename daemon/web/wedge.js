// Hand-held scanners that act as a keyboard ("wedge"): keys typed anywhere on the page, but in a
// field, are one code, ended by Enter or Tab. Separators come as control keys, as most wedges send
// them: Ctrl-] is GS (0x1D), Ctrl-^ RS (0x1E) and Ctrl-D EOT (0x04) of ISO/IEC 15434.

const pause_ms = 400; // longer between two keys: a person leaning on the keyboard, not a scanner
const length_min = 3;

export function capture_wedge(take) {
  let code = "";
  let last_at = 0;

  function on_key(event) {
    if (is_field(event.target)) return;
    // When the key was pressed, not when a busy tablet got round to it.
    const pressed_at = event.timeStamp;
    if (pressed_at - last_at > pause_ms) code = "";
    const key = key_of(event, code !== "");
    if (key === null) return;
    last_at = pressed_at;
    if (key !== "end") {
      // A space or letter must not press the button that was tapped last.
      event.preventDefault();
      code += key;
      return;
    }
    if (code.length >= length_min) {
      event.preventDefault();
      event.stopPropagation();
      take(code);
    }
    code = "";
  }

  document.addEventListener("keydown", on_key, true);
  return () => document.removeEventListener("keydown", on_key, true);
}

function is_field(element) {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

// The character, "end", or null for keys that are no part of a code.
function key_of(event, is_within_code) {
  if (event.key === "Enter" || event.key === "Tab") return "end";
  if (event.ctrlKey && !event.altKey) {
    // A wedge set to the US keyboard presses this key whatever the host's keyboard calls it.
    if (event.key === "]" || event.code === "BracketRight") return "\u001d";
    // Between codes these are the browser's own.
    if (is_within_code && event.key === "^") return "\u001e";
    if (is_within_code && event.key.toLowerCase() === "d") return "\u0004";
    return null;
  }
  if (event.metaKey || event.key.length !== 1) return null;
  return event.key;
}
