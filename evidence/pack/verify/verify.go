package verify

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"latchkey/access"
	"latchkey/evidence/anchor"
	"latchkey/evidence/note"
	"latchkey/evidence/pack"
)

// Result is what came of checking a pack.
type Result struct {
	Manifest pack.Manifest `json:"manifest"` // as it was signed
	Log      string        `json:"log"`      // under whose name it was signed
	By       []string      `json:"by"`       // public keys that signed it
	Files    int           `json:"files"`    // that are as they were signed
	Rows     int           `json:"rows"`     // that campaign.json has
	Events   int           `json:"events"`   // whose leaf is the hash of what they say
	Included int           `json:"included"` // of them, those that are in the tree of the checkpoint
	Younger  int           `json:"younger"`  // of them, those that were written after it
	Answers  int           `json:"answers"`  // of rows, that name an event of these
	// Broken are faults, a sentence each; empty: the pack is what was signed.
	Broken []string `json:"broken,omitempty"`
	// Doubts are what limits what the pack proves, a sentence each.
	Doubts []string `json:"doubts,omitempty"`
}

// Whole reports whether the pack is what was signed.
func (v Result) Whole() bool { return len(v.Broken) == 0 }

// Pack checks a pack with public keys that are trusted, and nothing else: the signature
// of the manifest, every file against it, the events against the head of the log, and the
// rows against the events. A fault is no error: it is in the result.
func Pack(files fs.FS, trust note.Trust) (Result, error) {
	v := verifying{files: files, trust: trust, leaves: map[string]string{}}
	m, by, err := openManifest(files, trust)
	if errors.Is(err, fs.ErrNotExist) {
		return v.Result, fmt.Errorf("there is no %s, so this is no evidence of a review: name the folder or the ZIP file as it was given to you", pack.ManifestFile)
	}
	if err != nil {
		v.broken("%s doesn't count: %v.", pack.ManifestFile, err)
		return v.Result, nil
	}
	v.Manifest, v.Log = m, by.Log
	for _, k := range by.By {
		v.By = append(v.By, k.In(by.Log))
	}
	if m.Form != pack.Version {
		v.broken("The pack is of the form %s, which this version of Latchkey doesn't know: use a newer one.", m.Form)
		return v.Result, nil
	}
	if v.sums() {
		v.contents()
	}
	return v.Result, nil
}

// verifying is a pack that is being checked.
type verifying struct {
	Result
	files  fs.FS
	trust  note.Trust
	has    []string          // the files that are vouched for
	leaves map[string]string // of the events, by their ids
	head   anchor.Checkpoint // zero: none
}

// manyFaults is how many faults are told.
const manyFaults = 50

func (v *verifying) broken(format string, args ...any) {
	switch len(v.Broken) {
	case manyFaults:
		v.Broken = append(v.Broken, "There are more faults than these.")
	default:
		if len(v.Broken) < manyFaults {
			v.Broken = append(v.Broken, fmt.Sprintf(format, args...))
		}
	}
}

func (v *verifying) doubt(format string, args ...any) {
	v.Doubts = append(v.Doubts, fmt.Sprintf(format, args...))
}

// sums checks each file, and reports whether their contents can be relied upon.
func (v *verifying) sums() bool {
	list, err := readShort(v.files, pack.SumsFile)
	if err != nil {
		v.broken("%s can't be read: %v.", pack.SumsFile, err)
		return false
	}
	if sum := sha256.Sum256(list); hex.EncodeToString(sum[:]) != v.Manifest.Sums {
		v.broken("%s is not the one that was signed.", pack.SumsFile)
		return false
	}
	for line := range strings.Lines(string(list)) {
		hash, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok || !fs.ValidPath(name) || strings.Contains(name, "/") {
			v.broken("%s has a line that is no sum of a file: %q.", pack.SumsFile, line)
			continue
		}
		v.has = append(v.has, name)
		v.file(name, hash)
	}
	if len(v.has) != v.Manifest.Files {
		v.broken("The manifest vouches for %d files, and %s names %d.", v.Manifest.Files, pack.SumsFile, len(v.has))
	}
	v.others()
	return v.Whole()
}

func (v *verifying) file(name, want string) {
	got, err := hashOf(v.files, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.broken("%s is missing.", name)
	case err != nil:
		v.broken("%s can't be read: %v.", name, err)
	case got != want:
		v.broken("%s is not the file that was signed: somebody has changed it.", name)
	default:
		v.Files++
	}
}

func hashOf(files fs.FS, name string) (string, error) {
	f, err := files.Open(name)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, f.Close())
}

// others names files that nobody vouches for.
func (v *verifying) others() {
	all, err := fs.ReadDir(v.files, ".")
	if err != nil {
		v.broken("The folder can't be listed: %v.", err)
		return
	}
	for _, f := range all {
		if n := f.Name(); n != pack.SumsFile && n != pack.ManifestFile && !slices.Contains(v.has, n) {
			v.doubt("%q lies beside the pack and is no part of it: nobody vouches for it.", n)
		}
	}
}

// contents checks what the files say of each other.
func (v *verifying) contents() {
	v.checkpoint()
	if slices.Contains(v.has, pack.EventsFile) {
		v.events()
	} else {
		v.doubt("The pack carries no events of the log, so what it says can be compared with the log only where that is.")
	}
	v.rows()
}

func (v *verifying) checkpoint() {
	if !slices.Contains(v.has, pack.CheckpointFile) {
		v.doubt("The pack carries no signed head of the log, so it doesn't show that its events are in it.")
		return
	}
	text, err := readShort(v.files, pack.CheckpointFile)
	if err != nil {
		v.broken("%s can't be read: %v.", pack.CheckpointFile, err)
		return
	}
	head, _, err := anchor.OpenCheckpoint(v.trust, string(text))
	switch {
	case err != nil:
		v.broken("%s doesn't count: %v.", pack.CheckpointFile, err)
	case note.Family(head.Log) != note.Family(v.Log) || head.Size != v.Manifest.Size || head.Root != v.Manifest.Root:
		v.broken("%s is of another log, or of another moment, than the manifest says.", pack.CheckpointFile)
	default:
		v.head = head
	}
}

func (v *verifying) events() {
	chains := map[access.Subject]access.Entry{}
	err := readEvents(v.files, func(e pack.Event) error {
		if err := v.event(e, chains); err != nil {
			v.broken("%s: %v.", pack.EventsFile, err)
			return nil
		}
		v.leaves[e.Entry.ID] = e.Entry.Leaf.String()
		v.Events++
		return nil
	})
	if err != nil {
		v.broken("%s can't be read: %v.", pack.EventsFile, err)
	}
	if v.Manifest.Events != v.Events && v.Whole() {
		v.broken("%s has %d events, and the manifest says %d.", pack.EventsFile, v.Events, v.Manifest.Events)
	}
	v.chain(chains)
	if v.Younger > 0 {
		v.doubt("%d events are younger than the head of the log that the pack carries: compare them with the log itself.", v.Younger)
	}
}

// event checks one event: its leaf, that it follows the one before it of the same subject
// if that is there, and that it is in the tree.
func (v *verifying) event(e pack.Event, chains map[access.Subject]access.Entry) error {
	if err := e.Entry.Verify(); err != nil {
		return err
	}
	before, known := chains[e.Entry.Subject]
	if known && e.Entry.N <= before.N {
		return fmt.Errorf("event %s comes after a later one of %s", e.Entry.ID, e.Entry.Subject)
	}
	if e.Entry.N == 1 || known && e.Entry.N == before.N+1 {
		if err := e.Entry.Follows(before.N, before.Leaf); err != nil {
			return err
		}
	}
	chains[e.Entry.Subject] = e.Entry
	if v.head.Size == 0 {
		return nil
	}
	if e.Entry.Place == 0 || e.Entry.Place > v.head.Size {
		v.Younger++
		return nil
	}
	if err := tlog.CheckRecord(e.Proof, int64(v.head.Size), tlog.Hash(v.head.Root), int64(e.Entry.Place)-1, tlog.Hash(e.Entry.Leaf)); err != nil {
		return fmt.Errorf("event %s is not in the log at place %d: %w", e.Entry.ID, e.Entry.Place, err)
	}
	v.Included++
	return nil
}

// chain sees that the campaign's own chain ends as the manifest says.
func (v *verifying) chain(chains map[access.Subject]access.Entry) {
	want := v.Manifest.Chain
	if want.Subject == "" {
		return
	}
	subject, err := access.ParseSubject(want.Subject)
	if last := chains[subject]; err != nil || last.N != want.N || last.Leaf.String() != want.Leaf {
		v.broken("The campaign's chain ends with event %d of %s by the manifest, and with event %d by %s.", want.N, want.Subject, last.N, pack.EventsFile)
	}
}

// rows sees that there are as many rows as were signed, and that each answer is an event.
func (v *verifying) rows() {
	nameless := 0
	head, err := readCampaign(v.files, func(r pack.Row) {
		for _, p := range proofsOf(r) {
			nameless += v.proof(r, p)
		}
	})
	switch {
	case err != nil:
		v.broken("%s can't be read: %v.", pack.JSONFile, err)
	case head.Form != pack.Version || head.ID != v.Manifest.Campaign:
		v.broken("%s is of another campaign than the manifest.", pack.JSONFile)
	case head.Rows != v.Manifest.Rows:
		v.broken("%s has %d rows, and the manifest says %d.", pack.JSONFile, head.Rows, v.Manifest.Rows)
	}
	v.Rows = head.Rows
	if nameless > 0 {
		v.doubt("%d answers and removals name no event of the log: for them the pack itself is all there is.", nameless)
	}
}

// proofsOf are the events that a row goes by.
func proofsOf(r pack.Row) []pack.Proof {
	var out []pack.Proof
	for _, a := range r.Answers {
		out = append(out, a.Event)
	}
	if r.Removal != nil {
		out = append(out, r.Removal.Event)
	}
	return out
}

// proof checks one of them; it is 1 where no event is named.
func (v *verifying) proof(r pack.Row, p pack.Proof) (nameless int) {
	if p.ID == "" {
		return 1
	}
	if !slices.Contains(v.has, pack.EventsFile) {
		return 0
	}
	switch leaf, known := v.leaves[p.ID]; {
	case !known:
		v.broken("The row %s goes by the event %s, which %s doesn't have.", r.ID, p.ID, pack.EventsFile)
	case leaf != p.Leaf:
		v.broken("The row %s goes by the event %s as if it were another one.", r.ID, p.ID)
	default:
		v.Answers++
	}
	return 0
}
