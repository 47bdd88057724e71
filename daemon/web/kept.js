// What this screen remembers of itself: its station, language, theme, sound, badge.

export function kept(name, fallback) {
  try {
    return localStorage.getItem("lotgate." + name) ?? fallback;
  } catch {
    return fallback;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem("lotgate." + name, value);
  } catch {
    // A screen in private mode forgets; it works all the same.
  }
}
