// A file of its own, because the content security policy forbids inline scripts: it sets the colours before the first
// paint, so a dark desktop never sees a white flash.
(function () {
  var scheme = null;
  try { scheme = localStorage.getItem('mantine-color-scheme-value'); } catch (e) { /* storage is switched off */ }
  if (scheme !== 'light' && scheme !== 'dark') scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
