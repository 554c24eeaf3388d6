// Checks a folder of a log with the Go project's own packages for its checksum database.
//
// log.go FOLDER reads checkpoint, policy, tile/, and where they exist checkpoint.before and
// proof.tlog-proof. It exits with 0 where all of it holds, with 1 and a reason where not.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// cosigner verifies cosignature/v1 (type 0x04), which the note package does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(c.key, append([]byte(head), msg...), sig[8:])
}

func newCosigner(text string) (note.Verifier, error) {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("malformed witness key")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != 4 {
		return nil, errors.New("not a cosignature key")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if binary.BigEndian.Uint32(sum[:]) != uint32(hash) {
		return nil, errors.New("wrong key id")
	}
	return cosigner{parts[0], uint32(hash), key[1:]}, nil
}

// policy is what this program reads of a policy file: the keys of one log, of which any may sign,
// and one group of witnesses.
type policy struct {
	logs      []note.Verifier
	witnesses []note.Verifier
	threshold int
}

func readPolicy(text string) (p policy, err error) {
	for _, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) >= 2 && words[0] == "log":
			var one note.Verifier
			one, err = note.NewVerifier(words[1])
			p.logs = append(p.logs, one)
		case len(words) >= 3 && words[0] == "witness":
			var one note.Verifier
			one, err = newCosigner(words[2])
			p.witnesses = append(p.witnesses, one)
		case len(words) >= 4 && words[0] == "group":
			p.threshold, err = strconv.Atoi(words[2])
		}
		if err != nil {
			return p, fmt.Errorf("policy: %s: %v", line, err)
		}
	}
	if len(p.logs) == 0 || p.threshold < 1 {
		return p, errors.New("policy: no log or no group")
	}
	return p, nil
}

// open verifies a checkpoint's signatures, of at least so many witnesses.
func (p policy) open(data []byte, witnesses int) (tree tlog.Tree, err error) {
	known := append(append([]note.Verifier{}, p.witnesses...), p.logs...)
	n, err := note.Open(data, note.VerifierList(known...))
	if err != nil {
		return tree, err
	}
	origin, signed, cosigned := p.logs[0].Name(), false, 0
	for _, sig := range n.Sigs {
		if sig.Name == origin {
			signed = true
		} else {
			cosigned++
		}
	}
	if !signed || cosigned < witnesses {
		return tree, fmt.Errorf("signed by the log: %v, by witnesses: %d", signed, cosigned)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != origin || lines[3] != "" {
		return tree, errors.New("malformed checkpoint")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

// folder reads tiles. The package puts a tile's height into its path; tlog-tiles does not.
type folder string

func (f folder) Height() int                         { return height }
func (f folder) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", path, len(data))
		}
		all = append(all, data)
	}
	return all, nil
}

// entries reads every entry bundle of a log of this size.
func (f folder) entries(size int64) (all [][]byte, err error) {
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		path := tlog.Tile{H: height, L: -1, N: n, W: int(width)}.Path()
		path = strings.Replace(path, "tile/8/data/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		for len(data) > 0 {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s ends inside an entry", path)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			all = append(all, data[2:end])
			data = data[end:]
		}
	}
	if int64(len(all)) != size {
		return nil, fmt.Errorf("%d entries in a log of %d", len(all), size)
	}
	return all, nil
}

// checkEntries authenticates every tile and holds every entry against its leaf.
func checkEntries(reader tlog.HashReader, tree tlog.Tree, entries [][]byte) error {
	var indexes []int64
	for n := int64(0); n < tree.N; n++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, n))
	}
	hashes, err := reader.ReadHashes(indexes)
	if err != nil {
		return err
	}
	for n, hash := range hashes {
		if tlog.RecordHash(entries[n]) != hash {
			return fmt.Errorf("entry %d is not its leaf's", n)
		}
		proof, err := tlog.ProveRecord(tree.N, int64(n), reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(n), hash); err != nil {
			return err
		}
	}
	return nil
}

// checkProof verifies a tlog-proof of one of the entries.
func (p policy) checkProof(data []byte, entries [][]byte) error {
	head, checkpoint, found := bytes.Cut(data, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("malformed proof")
	}
	tree, err := p.open(checkpoint, p.threshold)
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil || index < 0 || index >= int64(len(entries)) {
		return errors.New("malformed index")
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entries[index]))
}

func check(path string) error {
	read := func(name string) []byte {
		data, _ := os.ReadFile(filepath.Join(path, name))
		return data
	}
	p, err := readPolicy(string(read("policy")))
	if err != nil {
		return err
	}
	tree, err := p.open(read("checkpoint"), p.threshold)
	if err != nil {
		return fmt.Errorf("checkpoint: %v", err)
	}
	entries, err := folder(path).entries(tree.N)
	if err != nil {
		return fmt.Errorf("entries: %v", err)
	}
	reader := tlog.TileHashReader(tree, folder(path))
	if err := checkEntries(reader, tree, entries); err != nil {
		return fmt.Errorf("entries: %v", err)
	}
	if data := read("checkpoint.before"); data != nil {
		before, err := p.open(data, 0)
		if err != nil {
			return fmt.Errorf("checkpoint before: %v", err)
		}
		proof, err := tlog.ProveTree(tree.N, before.N, reader)
		if err == nil {
			err = tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash)
		}
		if err != nil {
			return fmt.Errorf("consistency: %v", err)
		}
	}
	if data := read("proof.tlog-proof"); data != nil {
		if err := p.checkProof(data, entries); err != nil {
			return fmt.Errorf("proof: %v", err)
		}
	}
	return nil
}

func main() {
	if err := check(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
