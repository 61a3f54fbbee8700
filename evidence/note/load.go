package note

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Source is where keys come from: a file, a text or a command, whichever is given.
type Source struct {
	File    string   // path of a key file
	Missing string   // what the key is to come from and is not there; "" for nothing
	Text    string   // what a key file would hold, as an environment variable has it
	Command []string // signs; the first of Trust is its public key
	Trust   []Trusted
	Store   string // the file of the store; the key file must not lie beside it; "" where there is none
}

// Keys are what an installation signs with, and whose signatures it believes.
type Keys struct {
	Signer  *Signer // nil: there is none, for the reason that Lacking gives
	Trust   Trust
	Lacking error // a sentence for IT
}

// ErrNoKey: there is no key yet, and it can be made where it is looked for.
var ErrNoKey = errors.New("there is no signing key")

// Load reads the keys. That there is no signing key, or one that can't be used, is
// in Lacking: what was signed before can be checked all the same.
func Load(from Source, now func() time.Time) Keys {
	k := Keys{Trust: NewTrust(from.Trust...)}
	if len(from.Command) > 0 {
		if len(from.Trust) == 0 {
			k.Lacking = errors.New("evidence.sign names a command, and nobody knows its public key: write it as the first one under evidence.trust")
			return k
		}
		k.Signer = &Signer{keys: []half{{public: from.Trust[0].Public, sign: signWith(from.Command)}}, now: now}
		return k
	}
	r, err := from.ring()
	if err != nil {
		k.Lacking = err
		return k
	}
	k.Signer, k.Trust = r.signer(now), NewTrust(append(r.trusted(), from.Trust...)...)
	return k
}

func (from Source) ring() (ring, error) {
	if from.Missing != "" {
		return ring{}, fmt.Errorf("the signing key can't be had: %s, and evidence.key needs it", from.Missing)
	}
	if from.Text != "" {
		r, err := parseRing(from.Text)
		if err != nil {
			err = fmt.Errorf("evidence.key can't be used: %w", err)
		}
		return r, err
	}
	if err := from.place(); err != nil {
		return ring{}, err
	}
	return readRing(from.File)
}

// place refuses a file that a copy of the store would bring along.
func (from Source) place() error {
	if from.File == "" {
		return fmt.Errorf("%w: name a file under evidence.key, for example ${file:/etc/latchkey/evidence.key}", ErrNoKey)
	}
	if from.Store != "" && folder(from.File) == folder(from.Store) {
		return fmt.Errorf("the signing key %s lies beside the store, so whoever gets a copy of that folder could sign: move it elsewhere and name the place under evidence.key", from.File)
	}
	return nil
}

// folder is where a file lies, whatever names lead there.
func folder(file string) string {
	dir, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return file
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	return dir
}

func readRing(path string) (r ring, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return r, fmt.Errorf("%w at %s", ErrNoKey, path)
	case err != nil:
		return r, fmt.Errorf("the signing key can't be read: %w", err)
	case !closed(info):
		return r, fmt.Errorf("the signing key %s can be read or written by others (mode %04o): run chmod 600 on it, and replace it if somebody else may have read it (latchkey evidence key rotate)", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return r, fmt.Errorf("the signing key can't be read: %w", err)
	}
	if r, err = parseRing(string(text)); err != nil {
		err = fmt.Errorf("the signing key %s can't be used: %w", path, err)
	}
	return r, err
}

// Generate makes a key for a log. secret is what a key file would hold.
func Generate(log string) (secret string, public Public, err error) {
	k, err := generate(log)
	if err != nil {
		return "", Public{}, err
	}
	return ring{key: k}.text(), k.public, nil
}

// Create makes a key for a log and writes it to a file that isn't there yet.
func Create(path, log string) (Public, error) {
	secret, public, err := Generate(log)
	if err != nil {
		return Public{}, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return Public{}, unwritable(path, err)
	}
	if err := place(path, secret); err != nil {
		return Public{}, unwritable(path, err)
	}
	return public, nil
}

func unwritable(path string, err error) error {
	return fmt.Errorf("a signing key can't be made at %s (%w): let Latchkey write there once, or make the key yourself with latchkey evidence key create and name it under evidence.key", path, err)
}

// Rotation is a key that took another one's place.
type Rotation struct {
	Old, New Public
	Until    time.Time // when the old one stops counting for what is new
}

// Rotate puts a new key in the place of the one in a file. The old one signs on for
// Overlap, unless it was stolen.
func Rotate(path, log string, at, stolen time.Time) (Rotation, error) {
	old, err := readRing(path)
	if err != nil {
		return Rotation{}, err
	}
	next, err := generate(log)
	if err != nil {
		return Rotation{}, err
	}
	now := old.rotated(next, at, stolen)
	if err := replace(path, now.text()); err != nil {
		return Rotation{}, fmt.Errorf("the new key can't be written: %w", err)
	}
	return Rotation{old.key.public, next.public, now.before[0].Until}, nil
}

// replace writes a file anew in one step.
func replace(path, text string) error {
	whole, err := beside(path, text)
	if err != nil {
		return err
	}
	if err := os.Rename(whole, path); err != nil {
		return errors.Join(err, os.Remove(whole))
	}
	return nil
}

// place writes a file that isn't there yet, in one step: whoever is stopped meanwhile
// leaves none that holds half a key.
func place(path, text string) error {
	whole, err := beside(path, text)
	if err != nil {
		return err
	}
	return errors.Join(os.Link(whole, path), os.Remove(whole))
}

// beside writes a file with a name of its own, in the folder of another.
func beside(path, text string) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".evidence-*") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}
