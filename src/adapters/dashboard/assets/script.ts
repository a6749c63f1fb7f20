// The script in the browser: replaces the page's content after an event. Without it the page stays as it is until it is
// reloaded.

export const SCRIPT = `const renew = async () => {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [now, then] = [page.querySelector("main"), document.querySelector("main")];
  if (now === null || then === null || now.innerHTML === then.innerHTML) return;
  const scrolled = [...then.querySelectorAll(".wide")].map(({ scrollLeft }) => scrollLeft);
  then.innerHTML = now.innerHTML;
  [...then.querySelectorAll(".wide")].forEach((part, index) => {
    part.scrollLeft = scrolled[index] ?? 0;
  });
};
// A page may be a second old when it is asked for.
new EventSource("/events").addEventListener("changed", () => setTimeout(renew, 1000));
`;
