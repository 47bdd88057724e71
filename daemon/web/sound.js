// Three tones that are told apart with the back to the screen: one high beep, two middle ones, and
// a low buzz.

const tones = {
  good: [{ hertz: 1320, from: 0, seconds: 0.12, wave: "sine" }],
  attention: [
    { hertz: 660, from: 0, seconds: 0.14, wave: "triangle" },
    { hertz: 660, from: 0.2, seconds: 0.14, wave: "triangle" },
  ],
  bad: [
    { hertz: 180, from: 0, seconds: 0.3, wave: "square" },
    { hertz: 150, from: 0.32, seconds: 0.4, wave: "square" },
  ],
};

let context = null;

// Browsers allow sound only after a touch or a key: call this from one.
export function wake_sound() {
  if (!window.AudioContext) return;
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}

export function play(light) {
  if (context === null) return;
  for (const tone of tones[light] ?? tones.bad) {
    const start = context.currentTime + tone.from;
    const source = context.createOscillator();
    const gain = context.createGain();
    source.type = tone.wave;
    source.frequency.value = tone.hertz;
    gain.gain.setValueAtTime(0.2, start);
    gain.gain.linearRampToValueAtTime(0, start + tone.seconds);
    source.connect(gain).connect(context.destination);
    source.start(start);
    source.stop(start + tone.seconds);
  }
}
