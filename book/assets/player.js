// The player: runs a tape (nnmaths.tape) on arrays that are made once. It knows no network.
(() => {
  "use strict";
  const ENTRY = {
    add: "x+y", subtract: "x-y", multiply: "x*y", divide: "x/y", power: "x**y", pow: "x**y",
    maximum: "Math.max(x,y)", minimum: "Math.min(x,y)", greater: "+(x>y)", greater_equal: "+(x>=y)",
    less: "+(x<y)", less_equal: "+(x<=y)", equal: "+(x===y)", not_equal: "+(x!==y)",
    negative: "-x", positive: "x", absolute: "Math.abs(x)", square: "x*x", reciprocal: "1/x",
    where: "x?y:z", tanh: "tanh(x)",
  };
  for (const f of ["exp", "expm1", "log", "log1p", "sqrt", "sign", "sin", "cos"]) {
    ENTRY[f] = `Math.${f}(x)`;
  }
  // tanh to the last digit or two, in half the time of Math.tanh: the addition theorem for a place
  // in a table and the rest, at most 1/32, whose series ends after five terms.
  const TABLE = Float64Array.from({ length: 641 }, (_, k) => Math.tanh((k - 320) / 16));
  function tanh(x) {
    const w = x > 19.9 ? 19.9 : x < -19.9 ? -19.9 : x, k = (w * 16 + 320.5) | 0;
    const r = w - (k - 320) / 16, q = r * r, a = TABLE[k];
    const b = r * (1 + q * (-1 / 3 + q * (2 / 15 + q * (-17 / 315 + q * (62 / 2835)))));
    return (a + b) / (1 + a * b);
  }

  const PLAIN = { const: [0], fill: [0], dim: [1], pick: [1], sum: [1], max: [1] };
  const kernels = {};

  // A view: data b from place o on, r rows and c columns, rs and cs from one to the next; d axes.
  const made = (r, c, d) => ({ b: new Float64Array(r * c), o: 0, r, c, rs: c, cs: 1, d });
  const shape = (v) => [v.r, v.c].slice(2 - v.d);
  const say = (v) => `(${shape(v)})`;

  // Text becomes a function of arrays once; the same text is the same function.
  const written = (text) => kernels[text] ??= new Function("tanh", `"use strict";return ${text}`)(tanh);

  // One loop for a whole expression of entries; its leaves are views, v0, v1, …
  function elementwise(expression, views, out) {
    const { b, r, c } = out, numbers = views.map((v) => v.rs === 0 && v.cs === 0);
    const flat = views.every((v, k) => numbers[k] || (v.o === 0 && v.rs === c && v.cs === 1));
    const each = (text) => views.map((v, k) => text(v, k)).join("");
    const once = each((v, k) => (numbers[k] ? `const v${k}=B[${k}][O[${k}]];` : `const b${k}=B[${k}];`));
    const begin = "(o,B,O)=>{" + once;
    const text = flat
      ? `${begin}for(let k=0;k<${r * c};k++){${each((v, k) => (numbers[k] ? "" : `const v${k}=b${k}[k];`))}o[k]=${expression}}}`
      : `${begin}for(let i=0,k=0;i<${r};i++)for(let j=0;j<${c};j++,k++){${each((v, k) =>
        (numbers[k] ? "" : `const v${k}=b${k}[${v.o}+i*${v.rs}+j*${v.cs}];`))}o[k]=${expression}}}`;
    const run = written(text), B = views.map((v) => v.b), O = views.map((v) => v.o);
    return () => run(b, B, O);
  }

  // Four rows by two columns at once: each entry that is read serves several sums.
  function product({ b: A, o: ao, r, c: n, rs: ar, cs: ac }, { b: B, o: bo, c, rs: br, cs: bc }, out) {
    const block = (rows, columns) => {
      const I = [...Array(rows).keys()], J = [...Array(columns).keys()];
      const all = (text) => I.flatMap((i) => J.map((j) => text(i, j))).join("");
      return `{let ${I.flatMap((i) => J.map((j) => `s${i}${j}=0`))};
        for(let k=0,p=${ao}+i*${ar},q=${bo}+j*${bc};k<${n};k++,p+=${ac},q+=${br}){
          const ${J.map((j) => `y${j}=B[q+${j * bc}]`)},${I.map((i) => `x${i}=A[p+${i * ar}]`)};
          ${all((i, j) => `s${i}${j}+=x${i}*y${j};`)}}
        const w=i*${c}+j;${all((i, j) => `O[w+${i * c + j}]=s${i}${j};`)}}`;
    };
    const row = (rows, columns) =>
      `let j=0;for(;j+${columns}<=${c};j+=${columns})${block(rows, columns)}
       for(;j<${c};j++)${block(rows, 1)}`;
    const run = written(
      `(A,B,O)=>{let i=0;for(;i+4<=${r};i+=4){${row(4, 2)}}for(;i<${r};i++){${row(1, 4)}}}`,
    );
    return () => run(A, B, out);
  }

  function folded(name, { b: A, o, r, c, rs, cs }, axis, out) {
    const [R, J, K, x, y, z] = axis === null ? [1, r, c, 0, rs, cs]
      : axis ? [r, 1, c, rs, 0, cs] : [c, 1, r, cs, 0, rs];
    const [none, next] = name === "max" ? ["-Infinity", "Math.max(s,v)"] : ["0", "s+v"];
    const run = written(`(A,O)=>{for(let i=0;i<${R};i++){let s=${none};
      for(let j=0;j<${J};j++)for(let k=0,p=${o}+i*${x}+j*${y};k<${K};k++,p+=${z}){const v=A[p];s=${next}}
      O[i]=s}}`);
    return () => run(A, out);
  }

  function compile(tape, shapes, parts = {}) {
    if (tape?.tape !== 1) throw Error(`tape: expected version 1, found ${tape?.tape}`);
    const steps = [], memo = new Map(), inputs = {};

    // Nodes of the graph; the same operation on the same nodes is one node.
    function node(name, args, from, r, c, d) {
      const key = JSON.stringify([name, args, from.map((v) => v.id)]);
      if (!memo.has(key)) {
        for (const v of from) v.uses++;
        memo.set(key, { id: memo.size, name, args, from, r, c, d, uses: 0 });
      }
      return memo.get(key);
    }

    function note(name, args, from) {
      const [a, b] = from;
      switch (name) {
        case "const": return node(name, args, [], 1, 1, 0);
        case "dim": return node("const", [shape(a)[args[0]]], [], 1, 1, 0);
        case "fill": return node(name, args, [a], a.r, a.c, a.d);
        case "T": return node(name, args, from, a.c, a.r, 2);
        case "pick": return node(name, args, from, 1, 1, 0);
        case "stack": return node(name, args, from, 1, from.length, 1);
        case "matmul":
          if (a.c !== b.r) throw Error(`matmul: shapes ${say(a)} and ${say(b)} do not go together`);
          return node(name, args, from, a.r, b.c, 2);
        case "sum": case "max": {
          const [axis] = args;
          if (axis === null) return node(name, args, from, 1, 1, 0);
          return node(name, args, from, axis ? a.r : 1, axis ? 1 : a.c, 2);
        }
      }
      if (!ENTRY[name]) throw Error(`tape: ${name} is no known operation`);
      const [r, c] = ["r", "c"].map((k) => from.reduce((n, v) => (n === 1 ? v[k] : n), 1));
      if (from.some((v) => ![1, r].includes(v.r) || ![1, c].includes(v.c))) {
        throw Error(`${name}: shapes ${from.map(say).join(" and ")} do not go together`);
      }
      return node(name, args, from, r, c, Math.max(...from.map((v) => v.d)));
    }

    function write(tape, start) {
      const at = [...start];
      for (const [name, ...args] of tape.ops) {
        if (name === "part") {
          const part = parts[args[0]];
          if (!part) throw Error(`tape: the part ${args[0]} is missing`);
          at.push(...Object.values(write(part, args.slice(1).map((k) => at[k]))));
          continue;
        }
        const plain = PLAIN[name] ?? [];
        at.push(note(
          name,
          args.filter((_, k) => plain.includes(k)),
          args.filter((_, k) => !plain.includes(k)).map((k) => at[k]),
        ));
      }
      return Object.fromEntries(tape.outputs.map(([name, k]) => [name, at[k]]));
    }

    // Where a node's numbers are; its operation is put among the steps the first time.
    function view(v) {
      return v.view ??= seen(v, v.name, v.from);
    }

    function seen(v, name, from) {
      if (name === "T") {
        const a = view(from[0]);
        return { ...a, r: a.c, c: a.r, rs: a.cs, cs: a.rs };
      }
      if (name === "pick") {
        const a = view(from[0]);
        return { ...a, o: a.o + v.args[0] * a.cs, r: 1, c: 1, d: 0 };
      }
      const out = made(v.r, v.c, v.d);
      if (name === "const" || name === "fill") out.b.fill(v.args[0]);
      else if (name === "matmul") steps.push(product(view(from[0]), view(from[1]), out.b));
      else if (name === "sum" || name === "max") steps.push(folded(name, view(from[0]), v.args[0], out.b));
      else if (name === "stack") {
        const entries = from.map(view);
        steps.push(() => entries.forEach(({ b, o }, k) => { out.b[k] = b[o]; }));
      } else {
        const leaves = [], text = expressed(v, v, leaves);
        steps.push(elementwise(text, leaves, out));
      }
      return out;
    }

    // The expression of a node; what is used once and has the shape of the whole is written out.
    function expressed(v, whole, leaves) {
      if (v.name === "const" || v.name === "fill") return `(${Number(v.args[0])})`;
      if (v !== whole && (!ENTRY[v.name] || v.uses > 1 || v.r !== whole.r || v.c !== whole.c)) {
        const a = view(v), leaf = { ...a, rs: v.r === 1 ? 0 : a.rs, cs: v.c === 1 ? 0 : a.cs };
        return `v${leaves.push(leaf) - 1}`;
      }
      const [x, y, z] = v.from.map((u) => expressed(u, whole, leaves));
      if (/^pow/.test(v.name) && y === "(2)" && /^v\d+$/.test(x)) return `(${x}*${x})`;
      return `(${ENTRY[v.name].replace(/\b[xyz]\b/g, (k) => ({ x, y, z })[k])})`;
    }

    const start = tape.inputs.map(([name, d]) => {
      const given = shapes[name];
      if (given?.length !== d) throw Error(`${name}: expected a shape of ${d} lengths, found ${given}`);
      const [r, c] = [1, 1, ...given].slice(-2), input = node("input", [name], [], r, c, d);
      input.view = made(r, c, d);
      inputs[name] = input.view.b;
      return input;
    });
    const results = write(tape, start), outputs = {}, outputShapes = {};
    for (const v of Object.values(results)) v.uses++;
    for (const [name, v] of Object.entries(results)) {
      let out = view(v);
      if (/^(input|T|pick)$/.test(v.name)) {
        const copy = made(v.r, v.c, v.d);
        steps.push(elementwise("v0", [out], copy));
        out = copy;
      }
      outputs[name] = out.b;
      outputShapes[name] = shape(v);
    }
    const fed = Object.keys(outputs).filter((name) => inputs[name]);
    return {
      inputs, outputs, outputShapes, fed,
      run() { for (const step of steps) step(); },
      feed() { for (const name of fed) inputs[name].set(outputs[name]); },
      batch(pairs, columns) {
        const B = columns.length;
        for (const [name, data, rows, N] of pairs) {
          const into = inputs[name];
          for (let i = 0; i < rows; i++) {
            for (let j = 0; j < B; j++) into[i * B + j] = data[i * N + columns[j]];
          }
        }
      },
    };
  }

  // The first number that is none, or beyond the limit, among what a step hands on and its cost.
  function beyond(program, limit) {
    for (const name of [...(program.outputs.C ? ["C"] : []), ...program.fed]) {
      for (const value of program.outputs[name]) if (!(Math.abs(value) <= limit)) return [name, value];
    }
    return null;
  }

  // sfc32 (Chris Doty-Humphrey), seeded by its own first turns.
  function generator(seed) {
    let a = 0, b = seed >>> 0, c = 0x9e3779b9, d = 1;
    const bits = () => {
      const t = (a + b + d++) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = ((c << 21) | (c >>> 11)) + t | 0;
      return t >>> 0;
    };
    for (let k = 0; k < 15; k++) bits();
    const uniform = () => (bits() + 0.5) / 2 ** 32;
    return {
      uniform,
      normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
      permutation(n) {
        const order = Int32Array.from({ length: n }, (_, i) => i);
        for (let i = n - 1; i > 0; i--) {
          const j = Math.floor(uniform() * (i + 1));
          [order[i], order[j]] = [order[j], order[i]];
        }
        return order;
      },
    };
  }

  function minibatches(random, N, B) {
    if (N % B) throw Error(`B: expected a divisor of N = ${N}, found ${B}`);
    let order, at = N;
    return {
      next() {
        if (at === N) { order = random.permutation(N); at = 0; }
        at += B;
        return order.subarray(at - B, at);
      },
    };
  }

  globalThis.nnPlayer = { compile, beyond, generator, minibatches };
})();
