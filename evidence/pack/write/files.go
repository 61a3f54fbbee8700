package write

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Files is where the files of a pack go. They are created one after the other, each
// closed before the next.
type Files interface {
	// Create begins a file. Its name has no folder.
	Create(name string) (io.WriteCloser, error)
}

// Folder puts files into a folder, which is made where it isn't there. Files of the same
// name are refused: a pack is never written over another one.
func Folder(path string) Files { return folder(path) }

type folder string

func (f folder) Create(name string) (io.WriteCloser, error) {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the pack: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(string(f), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write a file of the pack (it has to go where no other pack is): %w", err)
	}
	return file, nil
}

// Archive puts files into one ZIP file. It has to be closed.
type Archive struct {
	zip  *zip.Writer
	made time.Time
}

// NewArchive begins a ZIP file, all of whose files bear one time.
func NewArchive(w io.Writer, made time.Time) *Archive {
	return &Archive{zip.NewWriter(w), made.UTC().Truncate(2 * time.Second)} // a ZIP file counts in steps of two seconds
}

// Create implements Files.
func (a *Archive) Create(name string) (io.WriteCloser, error) {
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.made})
	if err != nil {
		return nil, fmt.Errorf("write a file of the pack: %w", err)
	}
	return inArchive{w}, nil
}

// Close ends the ZIP file.
func (a *Archive) Close() error { return a.zip.Close() }

// inArchive is a file of an archive, which ends where the next one begins.
type inArchive struct{ io.Writer }

func (inArchive) Close() error { return nil }
