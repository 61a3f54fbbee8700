package bolt

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"go.etcd.io/bbolt"
)

// format numbers the layout of keys and values. It is raised when a file of
// before can't be read as it is.
const format = "4"

// prepare makes the buckets of a new file, whose stretches are to have a length,
// and refuses one of another layout. It gives the length of the file's stretches.
func prepare(db *bbolt.DB, path string, length uint64) (uint64, error) {
	found, kept, err := formatOf(db)
	if err != nil {
		return 0, fmt.Errorf("can't read the store %s: %w", path, err)
	}
	switch found {
	case format:
		return kept, create(db, path, kept)
	case "":
		return length, create(db, path, length)
	default:
		return 0, fmt.Errorf("the store %s has layout %s, this latchkey reads layout %s and can't take over another one: start the release that wrote it, or name a new file under store.path", path, found, format)
	}
}

func formatOf(db *bbolt.DB) (found string, length uint64, err error) {
	err = db.View(func(btx *bbolt.Tx) error {
		b := btx.Bucket([]byte(about.name()))
		if b == nil {
			return nil
		}
		found = string(b.Get([]byte("format")))
		if found == format {
			length, err = strconv.ParseUint(string(b.Get([]byte("stretch"))), 10, 32)
		}
		return err
	})
	return found, length, err
}

// create makes what buckets are missing: of a file of before, those that were not
// needed then.
func create(db *bbolt.DB, path string, length uint64) error {
	if complete, err := hasAll(db); complete || err != nil {
		return err
	}
	err := db.Update(func(btx *bbolt.Tx) error {
		for b := range bucketCount {
			if _, err := btx.CreateBucketIfNotExists([]byte(b.name())); err != nil {
				return err
			}
		}
		b := btx.Bucket([]byte(about.name()))
		if err := b.Put([]byte("stretch"), strconv.AppendUint(nil, length, 10)); err != nil {
			return err
		}
		return b.Put([]byte("format"), []byte(format))
	})
	if err != nil {
		return fmt.Errorf("can't set up the store %s: %w", path, err)
	}
	return keepName(path)
}

func hasAll(db *bbolt.DB) (yes bool, err error) {
	err = db.View(func(btx *bbolt.Tx) error {
		yes = true
		for b := range bucketCount {
			yes = yes && btx.Bucket([]byte(b.name())) != nil
		}
		return nil
	})
	return yes, err
}

// keepName makes the new file's name as durable as its contents.
func keepName(path string) error {
	if runtime.GOOS == "windows" {
		return nil // directories can't be flushed there
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("can't make the store's name durable: %w", err)
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("can't make the store's name durable: %w", err)
	}
	return nil
}

// openInOrder opens a file and, if all its pages are going to be walked over,
// reads it once from front to back, so that the walk finds them in memory and
// does not jump about on a cold disk.
func openInOrder(path string, flag int, mode os.FileMode) (*os.File, error) {
	f, err := os.OpenFile(path, flag, mode)
	if err != nil {
		return nil, err
	}
	if keepsFreePages(f) {
		return f, nil
	}
	info, err := f.Stat()
	if err == nil {
		_, err = io.CopyBuffer(discard{}, io.NewSectionReader(f, 0, info.Size()), make([]byte, 1<<20))
	}
	if err != nil {
		_ = f.Close() // the error before says more
		return nil, err
	}
	return f, nil
}

// keepsFreePages tells whether the file was closed in an orderly way and holds
// the list of its free pages. bbolt says so in the newer of its two meta pages:
// after the page's header of 16 bytes, the list's page number is at 32 and the
// number of the transaction at 48; all ones stand for no list. A wrong answer
// costs time, nothing else.
func keepsFreePages(f *os.File) bool {
	const header, list, transaction, size = 16, 32, 48, 80
	newest, kept := uint64(0), false
	for page := range 2 {
		meta := make([]byte, size)
		if _, err := f.ReadAt(meta, int64(page*os.Getpagesize())); err != nil {
			return false
		}
		if id := binary.NativeEndian.Uint64(meta[header+transaction:]); id >= newest {
			newest, kept = id, binary.NativeEndian.Uint64(meta[header+list:]) != math.MaxUint64
		}
	}
	return kept
}

// discard throws away what is written to it. Unlike io.Discard it lets
// io.CopyBuffer use the large buffer.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
