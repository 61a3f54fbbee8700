// Sends what somebody did, and says what Slack says when it refuses.
export const here = () => new URLSearchParams(location.search);

export const who = () => document.querySelector(".person[aria-current]")?.getAttribute("href")?.match(/[?&]as=([^&]+)/)?.[1] ?? here().get("as") ?? "maya";

export function notice(text) {
  const box = document.getElementById("notices"), e = document.createElement("p");
  e.textContent = text;
  box.append(e);
  setTimeout(() => e.remove(), 7000);
}

async function post(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ as: decodeURIComponent(who()), ...body }) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

let busy = 0;

// act does something as the person who is shown, and returns whether nothing was refused.
export async function act(body) {
  document.documentElement.dataset.busy = String(++busy);
  try {
    const { shows } = await post("/act", body);
    if (shows) notice(shows);
    return !shows;
  } catch (failed) {
    notice(failed.message.includes("fetch") ? "The demo has ended: start it again." : failed.message);
    return false;
  } finally {
    document.documentElement.dataset.busy = String(--busy);
  }
}

export const suggest = (body) => post("/suggest", body);
