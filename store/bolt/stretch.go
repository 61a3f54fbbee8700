package bolt

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"latchkey/access"
	"latchkey/store/tree"
)

// A stretch is a run of old entries in a file of its own, which is never written
// again: a header, the leaves of the entries, a table of where each entry begins
// and where the last ends, and the entries as they were in the main file. All
// numbers are big-endian and eight bytes long.
//
//	magic, first place, how many, leaves, offsets (one more than entries), entries
type stretch struct {
	first, last uint64
	root        access.Hash // of the subtree that its leaves are
}

func (s stretch) length() uint64 { return s.last - s.first + 1 }

// leafAt and offsetAt are where the leaf of a place and the offset of its entry
// stand in the file.
func (s stretch) leafAt(place uint64) int64 { return int64(stretchHeader + leafSize*(place-s.first)) }

func (s stretch) offsetAt(place uint64) int64 {
	return int64(stretchHeader + leafSize*s.length() + 8*(place-s.first))
}

const (
	// stretchMagic begins every stretch; its last byte numbers the layout.
	stretchMagic  = "lkevent2"
	stretchHeader = 24 // magic, first, count
	leafSize      = uint64(len(access.Hash{}))
	entryLimit    = 1 << 30 // bytes of a stretch; one that claims to have more is damaged
)

// stretches are the files of sealed entries, beside the store's main file. They
// are opened when first read and stay open.
type stretches struct {
	dir  string
	sync bool

	using sync.RWMutex // held for writing while the file of a stretch is exchanged

	mu   sync.Mutex
	open map[uint64]*os.File // by the last place
}

func newStretches(path string, flush bool) *stretches {
	return &stretches{dir: path + ".events", sync: flush, open: map[uint64]*os.File{}}
}

func (s *stretches) path(of stretch) string { return filepath.Join(s.dir, stretchName(of)) }

// stretchName is what the file of a stretch is called.
func stretchName(of stretch) string { return fmt.Sprintf("%012d-%012d", of.first, of.last) }

// isStretchName tells whether a file can be that of a stretch.
func isStretchName(name string) bool {
	first, last, _ := strings.Cut(name, "-")
	from, err1 := strconv.ParseUint(first, 10, 64)
	to, err2 := strconv.ParseUint(last, 10, 64)
	return err1 == nil && err2 == nil && name == stretchName(stretch{first: from, last: to})
}

// write makes the file of a stretch from the entries, which are gone through
// twice, and gives its root. When it returns without an error the file is
// complete and durable; until then no file of that name is there, or one that an
// earlier attempt left, which was complete too.
func (s *stretches) write(of stretch, entries iter.Seq2[[]byte, []byte]) (root access.Hash, err error) {
	name, root, err := s.prepare(of, entries)
	if err != nil {
		return root, err
	}
	return root, s.name(name, of)
}

// rewrite puts entries in the place of those in the file of a stretch: the same ones,
// with less in them.
func (s *stretches) rewrite(of stretch, entries iter.Seq2[[]byte, []byte]) error {
	name, root, err := s.prepare(of, entries)
	if err == nil && root != of.root {
		err = errors.Join(fmt.Errorf("the leaves from place %d to %d are not those whose root was kept: %w", of.first, of.last, errDamaged), os.Remove(name))
	}
	if err != nil {
		return err
	}
	s.using.Lock()
	defer s.using.Unlock()
	return errors.Join(s.name(name, of), s.letGo(of))
}

// letGo closes the file of a stretch; it is opened again when it is read.
func (s *stretches) letGo(of stretch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.open[of.last]
	if f == nil {
		return nil
	}
	delete(s.open, of.last)
	return f.Close()
}

// prepare makes the file of a stretch under a name of its own.
func (s *stretches) prepare(of stretch, entries iter.Seq2[[]byte, []byte]) (name string, root access.Hash, err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return "", root, err
	}
	f, err := os.CreateTemp(s.dir, unfinished+"*")
	if err != nil {
		return "", root, err
	}
	if root, err = s.fill(f, of, entries); err != nil {
		return "", root, errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), root, nil
}

// name gives a file that was prepared its name.
func (s *stretches) name(prepared string, of stretch) error {
	if err := os.Rename(prepared, s.path(of)); err != nil {
		return errors.Join(err, os.Remove(prepared))
	}
	if !s.sync {
		return nil
	}
	return errors.Join(keepName(s.dir), keepName(s.path(of)))
}

// unfinished begins the names of files that were not finished.
const unfinished = "unfinished-"

func (s *stretches) fill(f *os.File, of stretch, entries iter.Seq2[[]byte, []byte]) (root access.Hash, err error) {
	w := bufio.NewWriterSize(f, 256<<10)
	root, err = writeHead(w, of, entries)
	for k, raw := range entries {
		if err != nil || seqOf(k) > of.last {
			break
		}
		_, err = w.Write(raw)
	}
	if err == nil {
		err = w.Flush()
	}
	if err == nil && s.sync {
		err = f.Sync()
	}
	return root, errors.Join(err, f.Close())
}

// writeHead writes what comes before the entries.
func writeHead(w io.Writer, of stretch, entries iter.Seq2[[]byte, []byte]) (root access.Hash, err error) {
	leaves := make([]access.Hash, 0, of.length())
	at := uint64(of.offsetAt(of.last + 2))
	offsets := binary.BigEndian.AppendUint64(nil, at)
	for k, raw := range entries {
		if seqOf(k) > of.last {
			break
		}
		if seqOf(k) != of.first+uint64(len(leaves)) || len(raw) < len(root) {
			return root, fmt.Errorf("the event at place %d is missing from the log: %w", of.first+uint64(len(leaves)), errDamaged)
		}
		leaves = append(leaves, access.Hash(raw[:len(root)]))
		at += uint64(len(raw))
		offsets = binary.BigEndian.AppendUint64(offsets, at)
	}
	head := binary.BigEndian.AppendUint64([]byte(stretchMagic), of.first)
	head = binary.BigEndian.AppendUint64(head, of.length())
	for _, l := range leaves {
		head = append(head, l[:]...)
	}
	_, err = w.Write(append(head, offsets...))
	return tree.Root(leaves), err
}

// read finds one entry of a stretch.
func (s *stretches) read(of stretch, place uint64) ([]byte, error) {
	found, err := s.run(of, place, place)
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// run reads the entries from one place to another of a stretch.
func (s *stretches) run(of stretch, first, last uint64) ([][]byte, error) {
	s.using.RLock() // where an entry begins and what stands there are of one file
	defer s.using.RUnlock()
	count := last - first + 1
	table := make([]byte, 8*(count+1))
	if err := s.part(of, table, of.offsetAt(first)); err != nil {
		return nil, err
	}
	offset := func(n uint64) uint64 { return binary.BigEndian.Uint64(table[8*n:]) }
	from, size := offset(0), offset(count)-offset(0)
	out := make([][]byte, count)
	for n := range count { // before anything is taken by its word
		if offset(n) > offset(n+1) || offset(n+1)-from > size || size > entryLimit {
			return nil, fmt.Errorf("the event at place %d in %s: %w", first+n, s.path(of), errDamaged)
		}
	}
	raw := make([]byte, size)
	if err := s.part(of, raw, int64(from)); err != nil {
		return nil, err
	}
	for n := range count {
		out[n] = raw[offset(n)-from : offset(n+1)-from : offset(n+1)-from]
	}
	return out, nil
}

// leaves are those from one place to another of a stretch.
func (s *stretches) leaves(of stretch, first, last uint64) ([]access.Hash, error) {
	s.using.RLock()
	defer s.using.RUnlock()
	raw := make([]byte, leafSize*(last-first+1))
	if err := s.part(of, raw, of.leafAt(first)); err != nil {
		return nil, err
	}
	out := make([]access.Hash, 0, last-first+1)
	for leaf := range slices.Chunk(raw, int(leafSize)) {
		out = append(out, access.Hash(leaf))
	}
	return out, nil
}

// part reads a piece of the stretch's file.
func (s *stretches) part(of stretch, into []byte, at int64) error {
	f, err := s.file(of)
	if err != nil {
		return fmt.Errorf("the events from place %d to %d are in %s, which can't be read; restore it from a backup of the store: %w", of.first, of.last, s.path(of), err)
	}
	if _, err := f.ReadAt(into, at); err != nil {
		return fmt.Errorf("%s, with the events from place %d to %d, is cut short; restore it from a backup of the store: %w", f.Name(), of.first, of.last, err)
	}
	return nil
}

func (s *stretches) file(of stretch) (*os.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.open[of.last]; f != nil {
		return f, nil
	}
	f, err := os.Open(s.path(of))
	if err != nil {
		return nil, err
	}
	if err := checkStretch(f, of); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	s.open[of.last] = f
	return f, nil
}

func checkStretch(r io.ReaderAt, of stretch) error {
	var head [stretchHeader]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return err
	}
	want := binary.BigEndian.AppendUint64([]byte(stretchMagic), of.first)
	want = binary.BigEndian.AppendUint64(want, of.length())
	if !bytes.Equal(head[:], want) {
		return errDamaged
	}
	return nil
}

// tidy removes what attempts that were interrupted have left.
func (s *stretches) tidy() error {
	left, err := filepath.Glob(filepath.Join(s.dir, unfinished+"*"))
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

func (s *stretches) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for last, f := range s.open {
		errs = append(errs, f.Close())
		delete(s.open, last)
	}
	return errors.Join(errs...)
}
