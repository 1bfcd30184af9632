// An RP2040 of rp2040js behind a TCP port: `node pico.cjs RP2040JS IMAGE.uf2`. It ends with its input.
// The boot ROM is left out: its work is to call the first 256 bytes of flash.
const { Simulator } = require(process.argv[2]);
const fs = require("fs");
const net = require("net");

const FLASH = 0x10000000;
const AT_ONCE = 16; // bytes: half of the UART's FIFO
const INSTRUCTIONS = 4000; // between them
const NANOSECONDS = 8; // a cycle at 125 MHz

const { rp2040: chip, clock } = new Simulator();
const image = fs.readFileSync(process.argv[3]);
for (let at = 0; at < image.length; at += 512) {
    const size = image.readUInt32LE(at + 16);
    chip.flash.set(image.subarray(at + 32, at + 32 + size), image.readUInt32LE(at + 12) - FLASH);
}
chip.core.PC = FLASH;
chip.core.SP = 0x20041f00;

let waiting = [];
let sent = [];
chip.uart[0].onByte = (byte) => sent.push(byte);

function turn(socket) {
    for (let slice = 0; slice < 25; slice++) {
        waiting.splice(0, AT_ONCE).forEach((byte) => chip.uart[0].feedByte(byte));
        for (let n = 0; n < INSTRUCTIONS; n++) {
            clock.tick(chip.core.executeInstruction() * NANOSECONDS);
        }
    }
    if (sent.length) {
        socket.write(Buffer.from(sent));
        sent = [];
    }
    if (!socket.destroyed) {
        setImmediate(turn, socket);
    }
}

const server = net.createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("data", (data) => { waiting = waiting.concat([...data]); });
    turn(socket);
});
server.listen(0, "127.0.0.1", () => console.log(`port ${server.address().port}`));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
