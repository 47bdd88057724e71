// Hand-held scanners that act as a keyboard ("wedge"): keys typed anywhere on the page, but in a
// field, are one code, ended by Enter or Tab. The group separator comes as Ctrl-] (byte 0x1D), as
// most wedges send it.

const pause_ms = 400; // longer between two keys: a person leaning on the keyboard, not a scanner
const length_min = 3;

export function capture_wedge(take) {
  let code = "";
  let last_at = 0;

  function on_key(event) {
    if (is_field(event.target)) return;
    const now = performance.now();
    if (now - last_at > pause_ms) code = "";
    const key = key_of(event);
    if (key === null) return;
    last_at = now;
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
function key_of(event) {
  if (event.key === "Enter" || event.key === "Tab") return "end";
  if (event.ctrlKey && !event.altKey && event.key === "]") return "\u001d";
  if (event.ctrlKey && !event.altKey) return null;
  if (event.metaKey || event.key.length !== 1) return null;
  return event.key;
}
