// Follows: asks for this page again and puts its newest state in place. Without it the page is the same, and stands still.
'use strict';
const PAUSE = 3000;
const follow = document.getElementById('follow');

async function next() {
  // Neither a selection nor the keyboard's place is pulled from under somebody.
  const busy = !document.getSelection().isCollapsed
    || document.getElementById('mesh').contains(document.activeElement);
  if (!document.hidden && !busy) {
    try {
      const answer = await fetch(location.pathname, { cache: 'no-store' });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const now = document.getElementById('mesh');
      const fresh = page.getElementById('mesh');
      if (now.innerHTML !== fresh.innerHTML) now.replaceWith(fresh);
      follow.textContent = 'following';
      follow.className = 'good';
    } catch (e) {
      follow.textContent = 'this peer does not answer; what is shown is old';
      follow.className = 'bad';
    }
  }
  setTimeout(next, PAUSE);
}

setTimeout(next, PAUSE);
