// Explorers: sliders that change a few attributes of a picture. One script for all on the page.
(() => {
  "use strict";
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  function wake(figure) {
    const inputs = [...figure.querySelectorAll('input[type="range"]')];
    const values = [...figure.querySelectorAll(".value")];
    const reading = figure.querySelector(".reading");
    const button = figure.querySelector("[data-play]");
    const parts = {};
    figure.querySelectorAll("[data-k]").forEach((part) => { parts[part.dataset.k] = part; });
    let data, shown = -1, timer;

    // A frame's number: the last slider turns fastest.
    const frame = () => inputs.reduce((n, input) => n * (+input.max + 1) + +input.value, 0);

    function show() {
      // Read only when someone moves something: a page with many explorers loads as fast as text.
      data ??= JSON.parse(figure.querySelector("script").textContent);
      const now = frame();
      if (now === shown) return;
      shown = now;
      for (const [k, name, distinct, index] of data.tracks) {
        const value = distinct[index[now]];
        if (name) parts[k].setAttribute(name, value);
        else parts[k].textContent = value;
      }
      const [sentences, which] = data.readings;
      reading.textContent = sentences[which[now]];
      inputs.forEach((input, i) => {
        values[i].textContent = data.texts[i][input.value];
        input.setAttribute("aria-valuetext", `${values[i].textContent}. ${reading.textContent}`);
      });
    }

    function pause() {
      clearInterval(timer);
      timer = undefined;
      if (button) button.textContent = "Play";
    }

    function play() {
      const input = inputs[button.dataset.play];
      const step = () => {
        input.value = +input.value + 1;
        show();
        if (+input.value === +input.max) pause();
      };
      button.textContent = "Pause";
      timer = setInterval(step, button.dataset.beat * (calm.matches ? 2 : 1));
      if (+input.value < +input.max) return step();
      input.value = 0; // at its end the story begins again
      show();
    }

    inputs.forEach((input) => input.addEventListener("input", () => { pause(); show(); }));
    if (button) {
      button.addEventListener("click", () => (timer ? pause() : play()));
      document.addEventListener("visibilitychange", () => { if (document.hidden) pause(); });
    }
    figure.querySelector(".controls").hidden = false;
  }

  const start = () => document.querySelectorAll("figure.explorer:not(.live)").forEach(wake);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
