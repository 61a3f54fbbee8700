package verify_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
	"latchkey/evidence/pack"
	"latchkey/evidence/pack/packtest"
	"latchkey/evidence/pack/verify"
	"latchkey/evidence/pack/write"
)

func verified(t testing.TB, files fs.FS, by note.Trust) verify.Result {
	t.Helper()
	v, err := verify.Pack(files, by)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAWholePack(t *testing.T) {
	files := packtest.On(packtest.Written(t, packtest.Review(t)))
	v := verified(t, files, packtest.Trust(t))
	if !v.Whole() || len(v.Doubts) > 0 {
		t.Fatalf("%+v", v)
	}
	if v.Rows != 20 || v.Events != 30 || v.Included != 30 || v.Answers != 29 || v.Files != len(files)-2 || v.Manifest.Campaign != "AC-7F3K9Q2M" || v.By[0] != packtest.Signer(t).Public().String() {
		t.Errorf("%+v", v)
	}
	if keys, err := verify.OwnKeys(files); err != nil || !slices.Equal(keys, v.By) {
		t.Errorf("%v, %v", keys, err)
	}
}

func TestAPackInAZIPFile(t *testing.T) {
	var one, two bytes.Buffer
	for _, out := range []*bytes.Buffer{&one, &two} {
		a := write.NewArchive(out, packtest.At(19, 10, 31))
		if _, err := write.Pack(t.Context(), packtest.Review(t), packtest.Signer(t).Sign, a); err != nil {
			t.Fatal(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the same review gives two different files")
	}
	files, err := zip.NewReader(bytes.NewReader(one.Bytes()), int64(one.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if v := verified(t, files, packtest.Trust(t)); !v.Whole() || v.Rows != 20 {
		t.Errorf("%+v", v)
	}
}

// A ZIP file with two files of one name shows one to whoever checks and the other to whoever
// unpacks: it is refused.
func TestTwoFilesOfOneName(t *testing.T) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name string, text []byte) {
		if w, err := z.Create(name); err != nil {
			t.Fatal(err)
		} else if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	whole := packtest.Written(t, packtest.Review(t))
	for name, f := range whole {
		add(name, f.Text)
	}
	add(pack.DecisionsFile, []byte("row,decision\r\n"))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if v := verified(t, files, packtest.Trust(t)); v.Whole() || !strings.Contains(strings.Join(v.Broken, ""), pack.DecisionsFile) {
		t.Errorf("%+v", v)
	}
}

func TestAPackIsNotWrittenOverAnother(t *testing.T) {
	dir := t.TempDir()
	for i, want := range []bool{true, false} {
		if _, err := write.Pack(t.Context(), packtest.Review(t), packtest.Signer(t).Sign, write.Folder(dir)); (err == nil) != want {
			t.Errorf("time %d: %v", i+1, err)
		}
	}
}

// One byte, anywhere in any file, and it is said which file it is in.
func TestEveryByteCounts(t *testing.T) {
	whole := packtest.Written(t, packtest.Review(t))
	for name, f := range whole {
		step := max(1, len(f.Text)/23)
		for i := 0; i < len(f.Text); i += step {
			files := packtest.On(whole)
			files[name].Data[i] ^= 1
			v, err := verify.Pack(files, packtest.Trust(t))
			if err != nil || v.Whole() {
				t.Fatalf("byte %d of %s: %+v, %v", i, name, v, err)
			}
			if !strings.Contains(strings.Join(v.Broken, "\n"), name) {
				t.Fatalf("byte %d of %s: %v", i, name, v.Broken)
			}
		}
	}
}

func TestFilesThatAreMissingOrTooMany(t *testing.T) {
	whole := packtest.Written(t, packtest.Review(t))
	for name := range whole {
		files := packtest.On(whole)
		delete(files, name)
		v, err := verify.Pack(files, packtest.Trust(t))
		if name == pack.ManifestFile {
			if err == nil || pack.Holds(files) {
				t.Errorf("a folder without a manifest is taken for a pack")
			}
			continue
		}
		if err != nil || v.Whole() || !strings.Contains(v.Broken[0], name) {
			t.Errorf("without %s: %+v, %v", name, v, err)
		}
	}
	files := packtest.On(whole)
	files["minutes.docx"] = &fstest.MapFile{Data: []byte("signed off by everybody")}
	if v := verified(t, files, packtest.Trust(t)); !v.Whole() || len(v.Doubts) != 1 || !strings.Contains(v.Doubts[0], "minutes.docx") {
		t.Errorf("%+v", v)
	}
}

func TestWhoseSignatureCounts(t *testing.T) {
	whole := packtest.Written(t, packtest.Review(t))
	stranger := notetest.Keys(packtest.LogName)
	if v := verified(t, packtest.On(whole), stranger.Trust); v.Whole() || !strings.Contains(v.Broken[0], "not trusted") {
		t.Errorf("%+v", v)
	}
	forged := packtest.On(whole)
	text, err := note.Compose(note.Pack, pack.Manifest{Form: pack.Version})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := stranger.Signer.Sign(context.Background(), packtest.LogName, note.Pack, text)
	if err != nil {
		t.Fatal(err)
	}
	forged[pack.ManifestFile].Data = []byte(signed)
	if v := verified(t, forged, packtest.Trust(t)); v.Whole() {
		t.Errorf("%+v", v)
	}
	other := packtest.On(whole) // a signed document of another kind
	other[pack.ManifestFile].Data = other[pack.CheckpointFile].Data
	if v := verified(t, other, packtest.Trust(t)); v.Whole() {
		t.Errorf("%+v", v)
	}
}

// resealed is a pack with other files, signed anew with the right key: what its maker might do.
func resealed(t *testing.T, files fstest.MapFS, change func(*pack.Manifest)) fstest.MapFS {
	t.Helper()
	opened, err := packtest.Trust(t).Open(note.Pack, string(files[pack.ManifestFile].Data))
	var m pack.Manifest
	if err == nil {
		err = opened.Decode(&m)
	}
	if err != nil {
		t.Fatal(err)
	}
	var sums strings.Builder
	for line := range strings.Lines(string(files[pack.SumsFile].Data)) {
		name := strings.TrimSpace(line[66:])
		sum := sha256.Sum256(files[name].Data)
		fmt.Fprintf(&sums, "%s  %s\n", hex.EncodeToString(sum[:]), name)
	}
	files[pack.SumsFile].Data = []byte(sums.String())
	all := sha256.Sum256(files[pack.SumsFile].Data)
	m.Sums = hex.EncodeToString(all[:])
	if change != nil {
		change(&m)
	}
	text, err := note.Compose(note.Pack, m)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := packtest.Signer(t).Sign(t.Context(), packtest.LogName, note.Pack, text)
	if err != nil {
		t.Fatal(err)
	}
	files[pack.ManifestFile].Data = []byte(signed)
	return files
}

// Whoever has the key can sign another pack, but not one whose parts contradict each other or
// the head of the log.
func TestPartsThatContradictEachOther(t *testing.T) {
	in := func(file, old, new string) func(*testing.T, fstest.MapFS) func(*pack.Manifest) {
		return func(t *testing.T, f fstest.MapFS) func(*pack.Manifest) {
			got := strings.Replace(string(f[file].Data), old, new, 1)
			if got == string(f[file].Data) {
				t.Fatalf("%s has no %q", file, old)
			}
			f[file].Data = []byte(got)
			return nil
		}
	}
	for name, c := range map[string]struct {
		edit func(*testing.T, fstest.MapFS) func(*pack.Manifest)
		says string
	}{
		"an event is edited":          {in(pack.EventsFile, `"n":2,`, `"n":3,`), "was altered"},
		"its body is":                 {in(pack.EventsFile, `"body":"eyJLaW5k`, `"body":"eyJLaW5l`), "was altered"},
		"its place is":                {in(pack.EventsFile, `"place":4,`, `"place":6,`), "not in the log at place 6"},
		"a row goes by another leaf":  {in(pack.JSONFile, `"leaf":"`, `"leaf":"A`), "as if it were another one"},
		"a row goes by no such event": {in(pack.JSONFile, `"event":{"id":"0193`, `"event":{"id":"0194`), "doesn't have"},
		"a row is taken out": {func(t *testing.T, f fstest.MapFS) func(*pack.Manifest) {
			lines := strings.SplitAfter(string(f[pack.JSONFile].Data), "\n")
			i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, `{"id":"AR-0002"`) })
			f[pack.JSONFile].Data = []byte(strings.Join(slices.Delete(lines, i, i+1), ""))
			return nil
		}, "has 19 rows, and the manifest says 20"},
		"an event is taken out": {func(t *testing.T, f fstest.MapFS) func(*pack.Manifest) {
			lines := strings.SplitAfter(string(f[pack.EventsFile].Data), "\n")
			f[pack.EventsFile].Data = []byte(strings.Join(slices.Delete(lines, 4, 5), ""))
			return nil
		}, "has 29 events, and the manifest says 30"},
		"the last event is": {func(t *testing.T, f fstest.MapFS) func(*pack.Manifest) {
			lines := strings.SplitAfter(string(f[pack.EventsFile].Data), "\n")
			f[pack.EventsFile].Data = []byte(strings.Join(lines[:len(lines)-2], ""))
			return func(m *pack.Manifest) { m.Events-- }
		}, "chain ends with event 30"},
		"events come in another order": {func(t *testing.T, f fstest.MapFS) func(*pack.Manifest) {
			lines := strings.SplitAfter(string(f[pack.EventsFile].Data), "\n")
			lines[3], lines[4] = lines[4], lines[3]
			f[pack.EventsFile].Data = []byte(strings.Join(lines, ""))
			return nil
		}, "comes after a later one"},
		"another campaign's name": {func(*testing.T, fstest.MapFS) func(*pack.Manifest) {
			return func(m *pack.Manifest) { m.Campaign = "AC-OTHER" }
		}, "another campaign"},
		"another moment's head": {func(*testing.T, fstest.MapFS) func(*pack.Manifest) {
			return func(m *pack.Manifest) { m.Size-- }
		}, "another moment"},
		"fewer files are vouched for": {func(*testing.T, fstest.MapFS) func(*pack.Manifest) {
			return func(m *pack.Manifest) { m.Files++ }
		}, "vouches for"},
		"a newer form": {func(*testing.T, fstest.MapFS) func(*pack.Manifest) {
			return func(m *pack.Manifest) { m.Form = "latchkey/campaign/v2" }
		}, "newer"},
		"more follows the JSON": {in(pack.JSONFile, "\n ]\n}\n", "\n ]\n}\n{}\n"), "can't be read"},
		"the JSON breaks off":   {in(pack.JSONFile, "\n ]\n}\n", "\n"), "can't be read"},
		"an event that is none": {in(pack.EventsFile, `{"log"`, `["log"`), "can't be read"},
	} {
		t.Run(name, func(t *testing.T) {
			files := packtest.On(packtest.Written(t, packtest.Review(t)))
			change := c.edit(t, files)
			v := verified(t, resealed(t, files, change), packtest.Trust(t))
			if v.Whole() || !strings.Contains(strings.Join(v.Broken, "\n"), c.says) {
				t.Errorf("%v", v.Broken)
			}
		})
	}
}

// What a pack lacks is said, and is no fault.
func TestWhatAPackCannotProve(t *testing.T) {
	for name, c := range map[string]struct {
		lacks func(*pack.Campaign)
		says  string
	}{
		"events":     {func(c *pack.Campaign) { c.Events = nil }, "no events"},
		"checkpoint": {func(c *pack.Campaign) { c.Tool.Checkpoint = "" }, "no signed head"},
		"names of events": {func(c *pack.Campaign) {
			rows := []pack.Row{}
			for r := range c.Rows {
				for i := range r.Answers {
					r.Answers[i].Event = pack.Proof{}
				}
				rows = append(rows, r)
			}
			c.Rows = packtest.All(rows)
		}, "22 answers and removals name no event"},
		"an old head": {func(c *pack.Campaign) {
			old := packtest.NewLog(t)
			c.Tool.Checkpoint = old.Checkpoint(t)
			var bare []pack.Event
			for e := range c.Events {
				if e.Entry.Place <= 2 {
					e.Proof = old.Events(t)[0].Proof
				}
				bare = append(bare, e)
			}
			c.Events = packtest.All(bare)
		}, "29 events are younger"},
	} {
		t.Run(name, func(t *testing.T) {
			r := packtest.Review(t)
			c.lacks(&r)
			v := verified(t, packtest.On(packtest.Written(t, r)), packtest.Trust(t))
			if !v.Whole() || !strings.Contains(strings.Join(v.Doubts, "\n"), c.says) {
				t.Errorf("broken: %v, doubts: %v", v.Broken, v.Doubts)
			}
		})
	}
}

// FuzzVerify: whatever lies in the files, it is a sentence and no panic.
func FuzzVerify(f *testing.F) {
	whole := packtest.Written(f, packtest.Review(f))
	for name, file := range whole {
		f.Add(name, file.Text)
	}
	keys := packtest.Trust(f)
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		if whole[name] == nil {
			return
		}
		files := packtest.On(whole)
		same := bytes.Equal(text, files[name].Data)
		files[name].Data = text
		if v, err := verify.Pack(files, keys); err != nil || v.Whole() != same {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

// How long checking takes.
func BenchmarkVerify(b *testing.B) {
	files := packtest.On(packtest.Written(b, packtest.Many(b, 5_000)))
	keys := packtest.Trust(b)
	for b.Loop() {
		if v := verified(b, files, keys); !v.Whole() {
			b.Fatal(v.Broken)
		}
	}
}
