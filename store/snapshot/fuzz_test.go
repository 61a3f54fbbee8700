package snapshot

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

// seeds are pages of every kind, whole.
func seeds() [][]byte {
	var h heldRows
	for n := range 40 {
		h.say(&Row{Source: "requested", Grant: "G-A7", Request: "AR-A7", Since: time.Unix(int64(n), 0), Conflicts: []string{"a"}, Reason: string(rune('a' + n%5))})
		h.ask([]int{n}, nil)
		h.member(n * 3)
	}
	people := []Person{{Directory: "okta", Account: "00u1", ID: "P-1", Name: "Ann", SignIn: Use{At: time.Unix(9, 0)}}, {Directory: "okta", Account: "00u2"}}
	secrets := []private{{salt: [saltSize]byte{1}, said: privateOf(&people[0])}, {salt: [saltSize]byte{2}}}
	public, erasable := packPeople(people, secrets)
	var index []byte
	w := indexWriter{emit: func(_ string, page []byte) { index = slices.Clone(page) }}
	w.put("a", []uint64{1, 2, 3, 9})
	w.put("ab", []uint64{5})
	w.end()
	return [][]byte{
		new(rowPacker).pack(&h, h.sorted()), public, erasable, index,
		packGroup(Group{Name: "x", Roles: []string{"y"}, Rows: 2}, []groupRows{{rows: 2}}),
		packContents(contents{groups: []groupAt{{first: 1}}, people: []peopleAt{{}}, index: []indexAt{{first: "a"}}}),
	}
}

// FuzzUnpack: whatever is in a page, reading it ends, in an error or not, and takes no
// more memory than its size allows. Pages are compared with their hashes before they are
// read; this is for what an old version, or a bug, has hashed.
func FuzzUnpack(f *testing.F) {
	for _, seed := range seeds() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<12 {
			return
		}
		if rows, err := unpackRows(raw, nil); err == nil {
			for i := range rows.count {
				_ = rows.row(i)
			}
			briefly(t, raw, &rows)
		}
		_, _ = unpackBriefs(raw, nil)
		_, _, _ = unpackPeople(raw, raw)
		_, all, count, err := unpackStandings(raw)
		for i := range count {
			if err == nil {
				_ = all.At(i)
			}
		}
		_, _, _ = unpackPeople(raw, append(checksum(raw), raw...))
		_, _ = unpackPrivate(append(checksum(raw), raw...), 3)
		_, _, _ = unpackGroup(raw)
		_, _ = unpackContents(raw)
		_, _ = unpackIndex(raw)
	})
}

// briefly reads rows in brief, which say the same as far as they go.
func briefly(t *testing.T, raw []byte, rows *readRows) {
	short, err := unpackBriefs(raw, nil)
	if err != nil || !slices.Equal(short.accounts, rows.accounts) {
		t.Fatalf("in brief: %v, %v, want %v", err, short.accounts, rows.accounts)
	}
	for i, n := range short.asked {
		if n != uint64(len(rows.reviewers[i])) || short.excluded.At(i) != rows.words[wordExcluded].At(i) {
			t.Errorf("in brief: %d reviewers of row %d, want %d", n, i, len(rows.reviewers[i]))
		}
	}
}

// TestWhatIsReadFromFewBytes is bounded, whatever they say.
func TestWhatIsReadFromFewBytes(t *testing.T) {
	most := uint64(0)
	for _, seed := range seeds() {
		for range 300 {
			raw := slices.Clone(seed)
			for range 1 + rand.IntN(3) {
				raw[rand.IntN(len(raw))] = byte(rand.IntN(256))
			}
			most = max(most, allocated(func() {
				_, _ = unpackRows(raw, nil)
				_, _ = unpackBriefs(raw, nil)
				_, _, _ = unpackPeople(raw, nil)
				_, _ = unpackPrivate(append(checksum(raw), raw...), 3)
				_, _, _ = unpackGroup(raw)
				_, _ = unpackContents(raw)
				_, _ = unpackIndex(raw)
			}))
		}
	}
	if most > 64<<20 {
		t.Errorf("%d bytes were allocated for a page of a few hundred", most)
	}
}

// allocated is how many bytes a function allocates.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
