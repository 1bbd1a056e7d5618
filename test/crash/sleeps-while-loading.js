// `node --import ./test/crash/sleeps-while-loading.js dist/src/main.js`: the server as it is, but that it sleeps as soon as
// it says that some of a plan is loaded, until it is woken with SIGCONT.
const write = process.stderr.write;
let slept = false;

process.stderr.write = function (text, ...rest) {
  const written = write.call(this, text, ...rest);
  if (!slept && /loading \S+: [1-9]0 %/.test(String(text))) {
    slept = true;
    process.kill(process.pid, 'SIGSTOP');
  }
  return written;
};
