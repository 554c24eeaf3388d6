// Reads a code that a shop shows with npm's steplix-emvqr (MIT), which reads EMVCo QR codes.
//
// shop.js FOLDER FILE: FOLDER has node_modules. It prints objects as JSON, templates as objects of their
// own, and exits with 0 where the checksum fits, with 1 and a reason where not.
const fs = require('fs')
const path = require('path')
const [folder, file] = process.argv.slice(2)
const emvqr = require(path.join(folder, 'node_modules', 'steplix-emvqr'))
process.stdout.write(JSON.stringify(emvqr.decode(fs.readFileSync(file, 'utf8'), true)))
