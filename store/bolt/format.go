package bolt

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"

	"go.etcd.io/bbolt"
)

// format numbers the layout of keys and values. It is raised when a file of
// before can't be read as it is.
const format = "2"

// unsealed is the layout of before, whose whole log is in the main file.
const unsealed = "1"

// prepare makes the buckets of a new file and refuses one of another layout.
func prepare(db *bbolt.DB, path string) error {
	found, err := formatOf(db)
	if err != nil {
		return fmt.Errorf("can't read the store %s: %w", path, err)
	}
	switch found {
	case format:
		return nil
	case "", unsealed:
		return create(db, path)
	default:
		return fmt.Errorf("the store %s has layout %s, this latchkey reads layout %s: start the release that wrote it", path, found, format)
	}
}

func formatOf(db *bbolt.DB) (string, error) {
	var found string
	err := db.View(func(btx *bbolt.Tx) error {
		if b := btx.Bucket([]byte(about.name())); b != nil {
			found = string(b.Get([]byte("format")))
		}
		return nil
	})
	return found, err
}

func create(db *bbolt.DB, path string) error {
	err := db.Update(func(btx *bbolt.Tx) error {
		for b := range bucketCount {
			if _, err := btx.CreateBucketIfNotExists([]byte(b.name())); err != nil {
				return err
			}
		}
		return btx.Bucket([]byte(about.name())).Put([]byte("format"), []byte(format))
	})
	if err != nil {
		return fmt.Errorf("can't set up the store %s: %w", path, err)
	}
	return keepName(path)
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
