package bolt

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// A stretch is a run of old events in a file of its own, which is never written
// again: a header, a table of where each event begins and where the last ends,
// the events as JSON. All numbers are big-endian and eight bytes long.
//
//	magic, number of the first event, how many, offsets (one more than events), events

// stretchMagic begins every stretch; its last byte numbers the layout.
const stretchMagic = "lkevent1"

const stretchHeader = 24 // magic, first, count

// stretches are the files of sealed events, beside the store's main file. They
// are opened when first read and stay open.
type stretches struct {
	dir  string
	sync bool

	mu   sync.Mutex
	open map[uint64]*os.File // by the number of the last event
}

func newStretches(path string, flush bool) *stretches {
	return &stretches{dir: path + ".events", sync: flush, open: map[uint64]*os.File{}}
}

func (s *stretches) path(first, last uint64) string {
	return filepath.Join(s.dir, fmt.Sprintf("%012d-%012d", first, last))
}

// write makes the file of a stretch. When it returns nil the file is complete
// and durable; until then no file of that name is there, or one that an earlier
// attempt left, which was complete too.
func (s *stretches) write(first uint64, events [][]byte) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(s.dir, unfinished+"*")
	if err != nil {
		return err
	}
	err = s.fill(f, first, events)
	if err == nil {
		err = os.Rename(f.Name(), s.path(first, first+uint64(len(events))-1))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if !s.sync {
		return nil
	}
	return errors.Join(keepName(s.dir), keepName(s.path(first, 0)))
}

// unfinished begins the names of files that were not finished.
const unfinished = "unfinished-"

func (s *stretches) fill(f *os.File, first uint64, events [][]byte) error {
	w := bufio.NewWriterSize(f, 256<<10)
	head := binary.BigEndian.AppendUint64([]byte(stretchMagic), first)
	head = binary.BigEndian.AppendUint64(head, uint64(len(events)))
	at := uint64(stretchHeader + 8*(len(events)+1))
	for _, e := range events {
		head = binary.BigEndian.AppendUint64(head, at)
		at += uint64(len(e))
	}
	_, err := w.Write(binary.BigEndian.AppendUint64(head, at))
	for _, e := range events {
		if err == nil {
			_, err = w.Write(e)
		}
	}
	if err == nil {
		err = w.Flush()
	}
	if err == nil && s.sync {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// read finds one event in the stretch that goes from first to last.
func (s *stretches) read(first, last, seq uint64) ([]byte, error) {
	f, err := s.file(first, last)
	if err != nil {
		return nil, fmt.Errorf("event %d is in %s, which can't be read; restore it from a backup of the store: %w", seq, s.path(first, last), err)
	}
	var place [16]byte
	if _, err := f.ReadAt(place[:], int64(stretchHeader+8*(seq-first))); err != nil {
		return nil, fmt.Errorf("event %d: %s is cut short; restore it from a backup of the store: %w", seq, f.Name(), err)
	}
	from, to := binary.BigEndian.Uint64(place[:]), binary.BigEndian.Uint64(place[8:])
	if to < from || to-from > sealedBytes {
		return nil, fmt.Errorf("event %d in %s: %w", seq, f.Name(), errDamaged)
	}
	body := make([]byte, to-from)
	if _, err := f.ReadAt(body, int64(from)); err != nil {
		return nil, fmt.Errorf("event %d: %s is cut short; restore it from a backup of the store: %w", seq, f.Name(), err)
	}
	return body, nil
}

func (s *stretches) file(first, last uint64) (*os.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.open[last]; f != nil {
		return f, nil
	}
	f, err := os.Open(s.path(first, last))
	if err != nil {
		return nil, err
	}
	if err := checkStretch(f, first, last); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	s.open[last] = f
	return f, nil
}

func checkStretch(r io.ReaderAt, first, last uint64) error {
	var head [stretchHeader]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return err
	}
	want := binary.BigEndian.AppendUint64([]byte(stretchMagic), first)
	want = binary.BigEndian.AppendUint64(want, last-first+1)
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
