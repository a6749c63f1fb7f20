// What runs in the browser: it replaces the content when something happened. Without it the page is the same until it is
// loaded again.

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
