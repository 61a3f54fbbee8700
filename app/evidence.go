package app

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/anchor"
	"latchkey/evidence/note"
	"latchkey/evidence/pack/verify"
	"latchkey/store"
)

// verify checks the log, and compares it with what is anchored outside unless it is
// asked not to.
func (s adminServer) verify(r *http.Request) (any, error) {
	if r.FormValue("local") != "" {
		return evidence.Verify(r.Context(), s.store)
	}
	found, err := s.workflow.Anchors.Read(r.Context(), true)
	if err != nil {
		return nil, err
	}
	v, err := evidence.Verify(r.Context(), s.store, found.Attestations()...)
	v.Unread, v.Doubts = found.Unread, append(found.Doubts, found.Amiss()...)
	if s.blind != "" {
		v.Unread = append(v.Unread, s.blind)
	}
	if err == nil && len(v.Unread) == 0 && len(found.Anchors) == 0 {
		err = s.anchoredOnce(r.Context(), &v)
	}
	return v, err
}

// anchoredOnce says what it means that nothing was found outside: notes were posted,
// so somebody has removed them all, or none was posted yet.
func (s adminServer) anchoredOnce(ctx context.Context, v *evidence.Verification) error {
	return s.store.View(ctx, func(tx store.Tx) error {
		now, err := store.LoadAnchoring(tx)
		if err != nil || now.No == 0 {
			return err
		}
		last, err := store.LoadAnchor(tx, store.AnchorID(now.Log, now.No))
		if err == nil && len(last.Posted) > 0 && v.Whole() {
			v.Broken = fmt.Sprintf("%d notes were posted outside and none of them is found any more: somebody has removed them", now.No)
		}
		if errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		return err
	})
}

// checkpoint gives the newest signed head of the log. With post, a note of it is
// posted outside at once.
func (s adminServer) checkpoint(r *http.Request) (any, error) {
	if r.Method == http.MethodPost {
		if err := s.workflow.Anchors.Now(r.Context()); err != nil {
			return nil, err
		}
	}
	return newestHead(r.Context(), s.store)
}

func newestHead(ctx context.Context, s store.Store) (h Head, err error) {
	err = s.View(ctx, func(tx store.Tx) error {
		now, err := store.LoadAnchoring(tx)
		if err != nil {
			return err
		}
		size, err := tx.Size()
		h = Head{now.Checkpoint, now.At, now.Size, size - min(now.Size, size), now.No}
		if err == nil && h.Checkpoint == "" {
			err = &access.Failure{Class: access.Rejected, Sentence: "There is no checkpoint yet: latchkey run makes one a minute after something happened, if it has a key to sign with"}
		}
		return err
	})
	return h, err
}

// VerifyBundle checks a file that evidence export has made, with nothing else. trusted
// are public keys; without any the bundle's own are taken, and that is said.
func VerifyBundle(r io.Reader, trusted []string) (v evidence.Verification, err error) {
	b, err := anchor.OpenBundle(r)
	if err != nil {
		return v, err
	}
	own := len(trusted) == 0
	if own {
		trusted = b.Keys
	}
	keys, err := trustIn(trusted)
	if err != nil {
		return v, err
	}
	found := anchor.Read(keys, b.Log, anchor.Found{Copies: b.Copies, Whole: true})
	v, err = b.Verify(found.Attestations())
	v.Doubts = append(found.Doubts, found.Amiss()...)
	if own {
		v.Doubts = append(v.Doubts, "The signatures were checked with the keys in the bundle itself, which proves little: name the key that you were given, with --key.")
	}
	return v, err
}

// trustIn trusts public keys as they are written down.
func trustIn(keys []string) (note.Trust, error) {
	var out []note.Trusted
	for _, text := range keys {
		k, err := note.ParsePublic(text)
		if err != nil {
			return note.Trust{}, err
		}
		out = append(out, note.Trusted{Public: k})
	}
	return note.NewTrust(out...), nil
}

// VerifyPack checks the evidence of an access review, which lies in a folder or a ZIP file,
// with nothing else. trusted are public keys; without any the pack's own are taken, and
// that is said.
func VerifyPack(path string, trusted []string) (v verify.Result, err error) {
	files, done, err := openPack(path)
	if err != nil {
		return v, fmt.Errorf("read the evidence of a review: %w", err)
	}
	defer func() { err = errors.Join(err, done()) }()
	own := len(trusted) == 0
	if own {
		if trusted, err = verify.OwnKeys(files); err != nil {
			return v, fmt.Errorf("the pack's own keys can't be read, name the key that you were given with --key: %w", err)
		}
	}
	keys, err := trustIn(trusted)
	if err != nil {
		return v, err
	}
	v, err = verify.Pack(files, keys)
	if own {
		v.Doubts = append(v.Doubts, "The signature was checked with the key in the pack itself, which proves little: name the key that you were given, with --key.")
	}
	return v, err
}

// openPack opens a folder or a ZIP file.
func openPack(path string) (files fs.FS, done func() error, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	if info.IsDir() {
		return os.DirFS(path), func() error { return nil }, nil
	}
	archive, err := zip.OpenReader(path)
	if errors.Is(err, zip.ErrFormat) {
		return nil, nil, fmt.Errorf("%s is neither a folder nor a ZIP file; a bundle of the log is named with --bundle", path)
	}
	if err != nil {
		return nil, nil, err
	}
	return archive, archive.Close, nil
}
