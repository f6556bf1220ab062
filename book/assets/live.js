// Live explorers: the tape of the package's own step, played while one watches and steers.
(() => {
  "use strict";
  const SLICE = 6, TRAIL = 400, THIN = 1.02; // milliseconds of work a frame; what stays in a picture
  const flat = (value) => Float64Array.from([value].flat(3));
  const size = (value) => (Array.isArray(value[0]) ? [value.length, value[0].length] : [value.length]);
  const near = (v, low, high) => Math.min(Math.max(v, low), high);

  // Three digits, with a power of ten only where it needs one.
  function small(value) {
    const [digits, power] = value.toExponential(2).split("e");
    const far = power < -4 || power > 2;
    const text = far ? `${+digits}·10${[...`${+power}`].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("")}`
      : `${+value.toPrecision(3)}`;
    return text.replace("-", "−");
  }

  function linspace(low, high, n) {
    return Array.from({ length: n }, (_, i) => low + (high - low) * i / (n - 1));
  }

  function wake(figure) {
    const data = JSON.parse(figure.querySelector("script").textContent);
    const find = (selector) => figure.querySelector(selector);
    const act = (name) => find(`[data-act=${name}]`);
    const svg = find("svg"), rate = find(".rate"), reading = find(".reading");
    const selects = [...figure.querySelectorAll("select")], view = svg.viewBox.baseVal;
    const parts = Object.fromEntries(data.draw.map(([k]) => [k, find(`[data-k="${k}"]`)]));
    let seed = data.seed, settings, program, looks, fixed, next;
    let t = 0, lost, past, running = false, visible = true, last, owed = 0;

    const eta = () => 10 ** rate.value;
    const over = () => lost || t >= data.end;

    // The base settings with what the chosen options change.
    function choose() {
      settings = { ...data };
      data.choices.forEach(({ options }, i) => {
        for (const [key, value] of Object.entries(options[selects[i].selectedIndex])) {
          const both = value?.constructor === Object && settings[key];
          settings[key] = both ? { ...settings[key], ...value } : value;
        }
      });
      fixed = Object.fromEntries(Object.entries(settings.values).map(([name, v]) => [name, flat(v)]));
      for (const [name, [x0, x1, nx, y0, y1, ny]] of Object.entries(settings.grids ?? {})) {
        const xs = linspace(x0, x1, nx), ys = linspace(y0, y1, ny);
        fixed[name] = flat([ys.flatMap(() => xs), ys.flatMap((y) => xs.map(() => y))]);
      }
      const bound = Object.entries(settings.bind ?? {}).map(([slot, k]) => [slot, data.parts[k]]);
      const linked = Object.fromEntries(bound), whole = { ...settings.shapes };
      for (const name of settings.batch?.names ?? []) whole[name] = size(settings.values[name]);
      program = nnPlayer.compile(settings.step, settings.shapes, linked);
      looks = settings.look.map((tape) => nnPlayer.compile(tape, whole, linked));
    }

    function reset() {
      const random = nnPlayer.generator(seed), { batch, shapes } = settings;
      t = 0; lost = null; past = {}; owed = 0;
      for (const [name, input] of Object.entries(program.inputs)) {
        if (!batch?.names.includes(name)) input.set(fixed[name] ?? new Float64Array(input.length));
      }
      for (const [name, spread] of Object.entries(settings.random ?? {})) {
        program.inputs[name].set(program.inputs[name].map(() => spread * random.normal()));
      }
      if (batch) {
        const N = size(settings.values[batch.names[0]])[1];
        const pairs = batch.names.map((name) => [name, fixed[name], shapes[name][0], N]);
        const batches = nnPlayer.minibatches(random, N, batch.B);
        next = () => program.batch(pairs, batches.next());
      } else next = () => {};
      next();
    }

    // What is looked at, from the values of a step or from those after it.
    function look(which, values) {
      for (const [name, input] of Object.entries(which.inputs)) {
        input.set(program.fed.includes(name) ? values[name] : fixed[name]);
      }
      which.run();
      return which.outputs;
    }

    function remember() {
      for (const [, kind, name] of data.draw) {
        const kept = past[name] ??= [];
        if (kind === "trail") {
          kept.push([...program.inputs[name]]);
          if (kept.length > TRAIL) kept.shift();
        } else if (kind === "history" && (!kept.length || t + 1 >= THIN * kept.at(-1)[0])) {
          kept.push([t + 1, look(looks[0], program.inputs)[name][0]]);
        }
      }
    }

    const clock = () => {
      if (program.inputs.eta) program.inputs.eta[0] = eta();
      if (program.inputs.t) program.inputs.t[0] = t + 1;
    };

    function step() {
      remember();
      clock();
      program.run();
      lost = nnPlayer.beyond(program, data.limit);
      program.feed();
      next();
      t += 1;
    }

    // All values by name: those of the step, what is looked at, and "next.…" after one more step.
    function now() {
      const values = { ...fixed };
      for (const name of program.fed) values[name] = program.inputs[name];
      for (const which of looks) Object.assign(values, look(which, program.inputs));
      if (values.C) values.C = values.C.slice();
      clock();
      program.run();
      for (const name of program.fed) values[`next.${name}`] = program.outputs[name];
      values["next.C"] = look(looks[0], program.outputs).C;
      return { ...values, t: [t], eta: [eta()] };
    }

    const KINDS = {
      trail: (values, [name]) => [...(past[name] ?? []), [...values[name]]],
      dot: (values, [name]) => [[...values[name]]],
      curve: (values, [xs, ys]) => [...values[xs]].map((x, i) => [x, values[ys][i]]),
      history: (values, [name]) => [...(past[name] ?? []), [t + 1, values[name][0]]],
      ahead: (values, [name]) => [[t + 2, values[name][0]]],
      columns: (values, [xs, ys, mask, value]) => {
        const N = mask ? values[mask].length : values[xs].length, shift = xs === ys ? N : 0;
        return Array.from({ length: N }, (_, i) => [values[xs][i], values[ys][i + shift]])
          .filter((_, i) => !mask || values[mask][i] === value);
      },
    };

    function place(k, [x, y]) {
      const [sx, tx, sy, ty, logx, logy] = data.axes[k];
      return [sx * (logx ? Math.log10(x) : x) + tx, sy * (logy ? Math.log10(y) : y) + ty];
    }

    // Between two rows trapezia; stretches that do not pair off reach half way to the other row.
    function region(k, values, [name, level, grid]) {
      const [x0, x1, nx, y0, y1, ny] = settings.grids[grid];
      const xs = linspace(x0, x1, nx), ys = linspace(y0, y1, ny);
      const ends = ys.map((_, row) => {
        const at = (i) => values[name][row * nx + i] - level, found = [];
        const edge = (out, i) => (out < 0 || out >= nx ? xs[i]
          : xs[i] + (xs[out] - xs[i]) * at(i) / (at(i) - at(out)));
        for (let i = 0, from = -1; i <= nx; i++) {
          const inside = i < nx && at(i) >= 0;
          if (inside && from < 0) from = i;
          if (inside || from < 0) continue;
          found.push([edge(from - 1, from), edge(i, i - 1)]);
          from = -1;
        }
        return found;
      });
      let d = "";
      const point = (x, y) => place(k, [x, y]).map((v) => v.toFixed(1)).join(" ");
      const strip = ([a, b], [c, e], low, high) => {
        d += `M${point(a, low)}L${point(b, low)}L${point(e, high)}L${point(c, high)}z`;
      };
      for (let row = 1; row < ny; row++) {
        const [below, above] = [ends[row - 1], ends[row]], [low, high] = [ys[row - 1], ys[row]];
        if (below.length === above.length
          && below.every(([a, b], i) => a <= above[i][1] && above[i][0] <= b)) {
          below.forEach((one, i) => strip(one, above[i], low, high));
          continue;
        }
        for (const one of below) strip(one, one, low, (low + high) / 2);
        for (const two of above) strip(two, two, (low + high) / 2, high);
      }
      return d;
    }

    function path(k, kind, names, values) {
      if (kind === "region") return region(k, values, names);
      const stamp = data.stamps[k], [left, top, right, bottom] = data.box[k];
      const points = KINDS[kind](values, names).map((point) => place(k, point))
        .filter((point) => point.every(Number.isFinite))
        // a mark outside stands at the edge; a line goes on, and is cut
        .map(([x, y]) => (stamp ? [near(x, left, right), near(y, top, bottom)]
          : [near(x, -2e3, 2e3), near(y, -2e3, 2e3)]))
        .map((point) => point.map((v) => v.toFixed(1)).join(" "));
      if (stamp) return points.map((point) => `M${point}${stamp}`).join("");
      return points.length ? `M${points.join("L")}` : "";
    }

    function told(values) {
      const fill = (text, words) => text.replace(/{([^}]*)}/g, (_, name) => words(name));
      if (lost) {
        const [what, value] = lost;
        const words = { t, what, value: Number.isFinite(value) ? `= ${small(value)}` : "has no finite value" };
        return fill(data.diverged, (name) => words[name]);
      }
      return fill(t >= data.end ? data.ended : data.reading, (name) => {
        const [, whole, index] = name in values ? [, name, 0] : name.match(/(.*)\.(\d+)$/);
        return name === "t" ? t : small(values[whole][index]);
      });
    }

    function show() {
      const values = now();
      for (const [k, kind, ...names] of data.draw) parts[k].setAttribute("d", path(k, kind, names, values));
      reading.textContent = told(values);
      find(".value").textContent = small(eta());
      if (!running) rate.setAttribute("aria-valuetext", `${small(eta())}. ${reading.textContent}`);
      for (const name of ["run", "step"]) act(name).setAttribute("aria-disabled", Boolean(over()));
      act("run").textContent = running ? "Pause" : "Run";
      if (find(".seed")) find(".seed").textContent = seed;
      const choice = selects.map((select) => select.selectedIndex);
      find(".run-link").href =
        `?live=${data.name}&seed=${seed}&eta=${+eta().toPrecision(4)}&choice=${choice}#${figure.id}`;
      if (over()) find("[role=status]").textContent = reading.textContent;
    }

    function begin() {
      if (program) return;
      choose();
      reset();
    }

    function frame(time) {
      if (!running || !visible || document.hidden) { last = undefined; return; }
      owed += data.pace * Math.min(time - (last ?? time), 100) / 1000;
      last = time;
      const end = performance.now() + SLICE;
      while (owed >= 1 && !over()) {
        step();
        owed -= 1;
        if (performance.now() > end) owed = 0; // a slow machine takes fewer steps, not longer frames
      }
      if (over()) running = false;
      show();
      requestAnimationFrame(frame);
    }

    function run(on) {
      begin();
      running = on && !over();
      show();
      if (running && last === undefined) requestAnimationFrame(frame);
    }

    function restart(on = false) {
      begin();
      reset();
      find("[role=status]").textContent = "";
      run(on);
    }

    const acts = {
      run: () => run(!running),
      step: () => { begin(); running = false; if (!over()) step(); show(); },
      reset: () => restart(),
      seed: () => { seed += 1; restart(); },
    };
    for (const name of Object.keys(acts)) act(name)?.addEventListener("click", acts[name]);
    rate.addEventListener("input", () => {
      begin();
      show();
      rate.setAttribute("aria-valuetext", `${small(eta())}. ${reading.textContent}`);
    });
    for (const select of selects) {
      select.addEventListener("change", () => { choose(); restart(); });
    }
    figure.addEventListener("keydown", (event) => {
      const typed = event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT";
      if (!typed && event.key.toLowerCase() === "r") acts.reset();
    });
    // A busy page reports several changes at once; the last one is how it is now.
    new IntersectionObserver((changes) => {
      visible = changes.at(-1).isIntersecting;
      if (visible && running && last === undefined) requestAnimationFrame(frame);
    }).observe(figure);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && running && last === undefined) requestAnimationFrame(frame);
    });

    // Handles: buttons over the picture, moved by mouse, touch and keys.
    function grips({ kind, value, x, y, k, low, high, step: by }) {
      const stage = document.createElement("div");
      stage.className = "stage";
      stage.style.maxWidth = svg.style.maxWidth;
      svg.replaceWith(stage);
      stage.append(svg);
      const first = data.values, start = kind === "start";
      const places = start ? [first[value]] : first[x][0].map((_, i) => [first[x][0][i], first[y][0][i]]);
      places.forEach((at, i) => {
        const grip = document.createElement("button");
        grip.type = "button";
        grip.className = `grip ${kind}`;
        const settle = () => {
          const [left, top] = place(k, at);
          grip.style.left = `${100 * left / view.width}%`;
          grip.style.top = `${100 * top / view.height}%`;
          grip.ariaLabel = `${start ? "start" : `point ${i + 1}`} at ${small(at[0])}, ${small(at[1])}: arrow keys move it`;
        };
        const move = (to) => {
          begin();
          at = to.map((v, axis) => +near(v, low[axis], high[axis]).toFixed(3));
          settle();
          if (start) {
            fixed[value].set(at);
            return restart(running);
          }
          [fixed[x][i], fixed[y][i]] = at;
          for (const name of [x, y]) program.inputs[name].set(fixed[name]);
          return show();
        };
        grip.addEventListener("pointerdown", (event) => grip.setPointerCapture(event.pointerId));
        grip.addEventListener("pointermove", (event) => {
          if (!grip.hasPointerCapture(event.pointerId)) return;
          const box = svg.getBoundingClientRect(), [sx, tx, sy, ty] = data.axes[k];
          move([((event.clientX - box.left) / box.width * view.width - tx) / sx,
            ((event.clientY - box.top) / box.height * view.height - ty) / sy]);
        });
        grip.addEventListener("keydown", (event) => {
          const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
          if (!way) return;
          event.preventDefault();
          move(at.map((v, axis) => v + way[axis] * by[axis] * (event.shiftKey ? 5 : 1)));
        });
        settle();
        stage.append(grip);
      });
    }
    if (data.drag) grips(data.drag);

    // A link to a run brings its seed, rate and choices.
    const asked = new URLSearchParams(location.search);
    if (asked.get("live") === data.name) {
      const wanted = Number(asked.get("eta"));
      if (wanted > 0) rate.value = Math.log10(wanted);
      seed = asked.get("seed") >>> 0;
      (asked.get("choice") ?? "").split(",").forEach((k, i) => {
        if (k !== "" && selects[i]?.options[k]) selects[i].selectedIndex = k;
      });
      restart();
    }
    find(".controls").hidden = false;
  }

  const start = () => document.querySelectorAll("figure.explorer.live").forEach(wake);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
