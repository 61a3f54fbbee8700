package columns

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
			var p Packer
			p.Numbers(slices.Clone(column), 1)
			u := &Unpacker{Rest: p}
			if got := u.Numbers(n, 1); !slices.Equal(got, column) || u.End() != nil {
				t.Fatalf("%d numbers of %d bits: %v, %v", n, width, u.Err, got)
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
		var p Packer
		p.Times(column)
		u := &Unpacker{Rest: p}
		if got := u.Times(len(column)); u.End() != nil || !slices.EqualFunc(got, column, time.Time.Equal) {
			t.Errorf("%s: %v, %v", name, got, u.Err)
		}
	}
}

// TestColumnsOfTexts keeps words, of which many are the same, and ids, which are all different.
func TestColumnsOfTexts(t *testing.T) {
	words := []string{"Sales", "", "Sales", "Design", "Sales"}
	ids := [][]byte{[]byte("00u1abc"), nil, []byte("00u2abd"), []byte("00u999abz")}
	var p Packer
	p.Words(words)
	p.Ids(ids)
	u := &Unpacker{Rest: p}
	readWords, readIDs := u.Words(len(words)), u.Ids(len(ids))
	if err := u.End(); err != nil {
		t.Fatal(err)
	}
	for i, want := range words {
		if got := readWords.At(i); got != want {
			t.Errorf("word %d is %q", i, got)
		}
	}
	for i, want := range ids {
		if got := readIDs.At(i); got != string(want) {
			t.Errorf("id %d is %q", i, got)
		}
	}
}

// TestGrowingNumbers keeps runs, and refuses more than the most.
func TestGrowingNumbers(t *testing.T) {
	var g Ascending
	g.Add(3, 2)
	g.Add(6, 0)
	g.Add(100, 1)
	got, err := AscendingNumbers(g.Packed(), 10)
	if err != nil || !slices.Equal(got, []uint64{3, 4, 5, 6, 100, 101}) || g.Count != 6 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := AscendingNumbers(g.Packed(), 5); err == nil {
		t.Error("there are more than the most")
	}
}

// TestSingleValues are read back in the order in which they were written, and nothing behind them.
func TestSingleValues(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 7_000_000, time.UTC)
	var p Packer
	p.Flag(true)
	p.Texts([]string{"a", "b"})
	p.Moment(at)
	p.Hash([32]byte{1})
	p.Number(1 << 40)
	u := &Unpacker{Rest: p}
	if !u.Flag() || !slices.Equal(u.Texts(), []string{"a", "b"}) || !u.Moment().Equal(at) || u.Hash() != [32]byte{1} || u.Number() != 1<<40 || u.End() != nil {
		t.Errorf("%v", u.Err)
	}
	for _, raw := range [][]byte{nil, {2}, bytes.Repeat([]byte{0xff}, 11), {1, 1}} {
		u := &Unpacker{Rest: raw}
		_, _ = u.Flag(), u.Text()
		if u.End() == nil {
			t.Errorf("%v is taken", raw)
		}
	}
	if Keepable(at) != nil || Keepable(time.Date(10_001, 1, 1, 0, 0, 0, 0, time.UTC)) == nil {
		t.Error("which times can be kept")
	}
}
