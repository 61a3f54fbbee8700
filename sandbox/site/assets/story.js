// What was done here, as a link by which somebody else can play it again.
import { act } from "./ask.js";

const box = document.getElementById("share");

async function squeezed(stream) {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const encode = async (text) => btoa(String.fromCharCode(...await squeezed(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"))))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

async function decode(text) {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  return new TextDecoder().decode(await squeezed(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))));
}

// share opens the dialog, copies the link or closes it.
export async function share(what) {
  const link = document.getElementById("share-link");
  if (what === "open") {
    link.value = location.origin + "/#story=" + await encode(await (await fetch("/story")).text());
    box.showModal();
    link.select();
  } else if (what === "copy") {
    link.select();
    await navigator.clipboard?.writeText(link.value);
  } else box.close();
}

// offer asks whether the story in the address is to be played. It never plays by itself.
export async function offer(notice) {
  const told = location.hash.match(/^#story=([\w-]+)$/)?.[1];
  if (!told) return;
  let lines;
  try { lines = await decode(told); } catch { return notice("The link's story can't be read."); }
  const ask = document.createElement("dialog"), title = document.createElement("h2"), list = document.createElement("pre"), no = document.createElement("button"), yes = document.createElement("button"), row = document.createElement("div");
  title.textContent = "Play this story?";
  title.id = "offer-title";
  ask.setAttribute("aria-labelledby", title.id);
  list.textContent = lines;
  list.tabIndex = 0;
  no.textContent = "Not now";
  yes.textContent = "Play it";
  no.className = "button";
  yes.className = "button primary";
  row.className = "actions";
  row.append(no, yes);
  ask.append(title, list, row);
  document.body.append(ask);
  const done = () => { ask.close(); ask.remove(); history.replaceState(null, "", location.pathname + location.search); };
  no.onclick = done;
  yes.onclick = () => { done(); act({ do: "replay", story: lines }); };
  ask.showModal();
}
