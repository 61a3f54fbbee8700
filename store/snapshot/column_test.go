package snapshot

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestColumnsOfNumbers keeps what is in them, however far apart it is.
func TestColumnsOfNumbers(t *testing.T) {
	for width := range 65 {
		for _, n := range []int{0, 1, 2, 7, 8, 9, 63, 64, 65, 511} {
			column := make([]uint64, n)
			for i := range column {
				if column[i] = rand.Uint64(); width < 64 {
					column[i] &= 1<<width - 1
				}
			}
			var p packer
			p.numbers(slices.Clone(column), 1)
			u := &unpacker{rest: p}
			if got := u.numbers(n, 1); !slices.Equal(got, column) || u.end() != nil {
				t.Fatalf("%d numbers of %d bits: %v, %v", n, width, u.err, got)
			}
		}
	}
}

// TestColumnsOfMoments keeps each to the millisecond, and none as none.
func TestColumnsOfMoments(t *testing.T) {
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for name, column := range map[string][]time.Time{
		"none": {}, "zero": {{}, {}}, "days": {day, day.AddDate(0, 0, 300), {}}, "milliseconds": {day.Add(time.Millisecond), day, day.Add(time.Hour)},
	} {
		var p packer
		p.times(column)
		u := &unpacker{rest: p}
		if got := u.times(len(column)); u.end() != nil || !slices.EqualFunc(got, column, time.Time.Equal) {
			t.Errorf("%s: %v, %v", name, got, u.err)
		}
	}
}

// TestColumnsOfTexts keeps words, of which many are the same, and ids, which are all different.
func TestColumnsOfTexts(t *testing.T) {
	words := []string{"Sales", "", "Sales", "Design", "Sales"}
	ids := [][]byte{[]byte("00u1abc"), nil, []byte("00u2abd"), []byte("00u999abz")}
	var p packer
	p.words(words)
	p.ids(ids)
	u := &unpacker{rest: p}
	readWords, readIDs := u.words(len(words)), u.ids(len(ids))
	if err := u.end(); err != nil {
		t.Fatal(err)
	}
	for i, want := range words {
		if got := readWords.at(i); got != want {
			t.Errorf("word %d is %q", i, got)
		}
	}
	for i, want := range ids {
		if got := readIDs.at(i); got != string(want) {
			t.Errorf("id %d is %q", i, got)
		}
	}
}

// TestGrowingNumbers keeps runs, and refuses more than the most.
func TestGrowingNumbers(t *testing.T) {
	var g growing
	g.add(3, 2)
	g.add(6, 0)
	g.add(100, 1)
	got, err := growingNumbers(g.packed(), 10)
	if err != nil || !slices.Equal(got, []uint64{3, 4, 5, 6, 100, 101}) || g.count != 6 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := growingNumbers(g.packed(), 5); err == nil {
		t.Error("there are more than the most")
	}
}

// TestSingleValues are read back in the order in which they were written, and nothing behind them.
func TestSingleValues(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 7_000_000, time.UTC)
	var p packer
	p.flag(true)
	p.texts([]string{"a", "b"})
	p.moment(at)
	p.hash([32]byte{1})
	p.number(1 << 40)
	u := &unpacker{rest: p}
	if !u.flag() || !slices.Equal(u.texts(), []string{"a", "b"}) || !u.moment().Equal(at) || u.hash() != [32]byte{1} || u.number() != 1<<40 || u.end() != nil {
		t.Errorf("%v", u.err)
	}
	for _, raw := range [][]byte{nil, {2}, bytes.Repeat([]byte{0xff}, 11), {1, 1}} {
		u := &unpacker{rest: raw}
		_, _ = u.flag(), u.text()
		if u.end() == nil {
			t.Errorf("%v is taken", raw)
		}
	}
	if keepable(at) != nil || keepable(time.Date(10_001, 1, 1, 0, 0, 0, 0, time.UTC)) == nil {
		t.Error("which times can be kept")
	}
}
