package bolt

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"latchkey/store"
)

// Unpack makes the store at path from an archive, which it reads to its end. There
// is nothing at path before. What it leaves behind when it fails is no store: take
// it away. When it returns nil, everything is durable and every file is the one that
// was archived; whether they make a whole store, opening it says.
func Unpack(r io.Reader, path string) (store.Archived, error) {
	if err := os.Mkdir(path+".events", 0o700); err != nil {
		return store.Archived{}, err
	}
	u := unpacking{tar: tar.NewReader(r), path: path}
	if err := u.read(); err != nil {
		return store.Archived{}, err
	}
	if err := u.compare(); err != nil {
		return store.Archived{}, err
	}
	return u.list.Archived, errors.Join(keepName(filepath.Join(path+".events", "all")), keepName(path))
}

// unpacking is an archive that is being unpacked.
type unpacking struct {
	tar   *tar.Reader
	path  string
	found []archived
	list  contents
	ended bool // the list was there
}

func (u *unpacking) read() error {
	for {
		h, err := u.tar.Next()
		if errors.Is(err, io.EOF) && u.ended {
			return nil
		}
		if err != nil || u.ended {
			return notWhole("it ends too early, or was changed", err)
		}
		if h.Name == archiveList {
			err = u.readList(h.Size)
		} else {
			err = u.file(h)
		}
		if err != nil {
			return err
		}
	}
}

func notWhole(why string, cause error) error {
	if cause == nil {
		return fmt.Errorf("%w: %s", store.ErrArchive, why)
	}
	return fmt.Errorf("%w: %s (%w)", store.ErrArchive, why, cause)
}

func (u *unpacking) readList(size int64) error {
	if size > listLimit {
		return notWhole("its list is too long", nil)
	}
	raw, err := io.ReadAll(u.tar)
	if err != nil {
		return notWhole("it ends too early", err)
	}
	if err := json.Unmarshal(raw, &u.list); err != nil {
		return notWhole("its list can't be read", err)
	}
	if u.list.Version > archiveVersion {
		return fmt.Errorf("the backup was made by a newer latchkey: restore it with that one: %w", store.ErrNewer)
	}
	u.ended = true
	return nil
}

// file unpacks the main file or a stretch. Nothing else is in an archive, so no name
// leads anywhere else.
func (u *unpacking) file(h *tar.Header) error {
	into := u.path
	if name, ok := strings.CutPrefix(h.Name, archiveEvents+"/"); ok && isStretchName(name) {
		into = filepath.Join(u.path+".events", name)
	} else if h.Name != archiveMain {
		return notWhole(fmt.Sprintf("it holds %q, which is no part of a store", h.Name), nil)
	}
	f, err := os.OpenFile(into, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), u.tar)
	if err == nil {
		err = f.Sync()
	} else if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, tar.ErrHeader) {
		err = notWhole("it ends too early", err)
	}
	u.found = append(u.found, archived{h.Name, n, sumOf(sum)})
	return errors.Join(err, f.Close())
}

// compare tells whether what was unpacked is what the list names, in its order.
func (u *unpacking) compare() error {
	if len(u.found) != len(u.list.Files) || len(u.found) == 0 || u.found[0].Name != archiveMain {
		return notWhole("its files are not those of its list", nil)
	}
	for i, f := range u.found {
		if f != u.list.Files[i] {
			return notWhole(fmt.Sprintf("%s is not what was written there", f.Name), nil)
		}
	}
	return nil
}
