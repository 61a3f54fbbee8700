package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// ticket is a noun that has had two forms before: first it named its owner, then
// an owner and how often it was opened; now it has several owners.
type ticket struct {
	Owners []string
	Opened int
}

func tickets() Schema {
	return Schema{Upgrades: []Upgrade{
		func(fields map[string]json.RawMessage) error {
			fields["Opened"] = json.RawMessage("1")
			return nil
		},
		func(fields map[string]json.RawMessage) error {
			var owner string
			if err := json.Unmarshal(fields["Owner"], &owner); err != nil {
				return fmt.Errorf("the owner: %w", err)
			}
			raw, err := json.Marshal([]string{owner})
			fields["Owners"] = raw
			return err
		},
	}}
}

// Every form that was ever stored is read as the newest one.
func TestEveryStoredFormIsRead(t *testing.T) {
	samples := map[int]string{
		1: `{"Owner":"maya"}`,
		2: `{"Owner":"maya","Opened":1}`,
		3: `{"Owners":["maya"],"Opened":1}`,
	}
	if n := tickets().Number(); n != len(samples) {
		t.Fatalf("the newest form is %d, and there are samples of %d", n, len(samples))
	}
	for number, sample := range samples {
		var got ticket
		if err := tickets().Decode(number, []byte(sample), &got); err != nil || len(got.Owners) != 1 || got.Owners[0] != "maya" || got.Opened != 1 {
			t.Errorf("schema %d reads %+v, %v", number, got, err)
		}
	}
}

func TestFormsThatAreNotRead(t *testing.T) {
	var got ticket
	if err := tickets().Decode(4, []byte(`{}`), &got); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer form: %v", err)
	}
	for what, c := range map[string]struct {
		number int
		body   string
		says   string
	}{
		"no number":             {0, `{}`, "carries no schema number"},
		"damaged":               {1, `{`, "unexpected end"},
		"an upgrade that fails": {2, `{"Opened":1}`, "bring schema 2 up to date: the owner"},
	} {
		if err := tickets().Decode(c.number, []byte(c.body), &got); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", what, err, c.says)
		}
	}
}

// What is stored carries the number of its form, and is written in the newest.
func TestTableUpgradesOnReading(t *testing.T) {
	rows := fakeRecords{"ticket 1": {Kind: "ticket", ID: "1", Version: 7, Schema: 1, Body: []byte(`{"Owner":"maya"}`)}}
	all := table[ticket]{
		kind: "ticket", schema: tickets(),
		row: func(*ticket) Record { return Record{ID: "1", Version: 7} },
		set: func(*ticket, uint64) {},
	}
	got, err := all.get(rows, "1")
	if err != nil || len(got.Owners) != 1 {
		t.Fatalf("read as %+v, %v", got, err)
	}
	if err := all.put(rows, &got); err != nil {
		t.Fatal(err)
	}
	if r := rows["ticket 1"]; r.Schema != 3 || string(r.Body) != `{"Owners":["maya"],"Opened":1}` {
		t.Errorf("stored again it is %+v: %s", r, r.Body)
	}
}

// fakeRecords are records by kind and id, and nothing else of a transaction.
type fakeRecords map[string]Record

func (f fakeRecords) Get(kind, id string) (Record, error) {
	r, ok := f[kind+" "+id]
	if !ok {
		return r, ErrNotFound
	}
	return r, nil
}

func (f fakeRecords) Put(r Record) (uint64, error) {
	f[r.Kind+" "+r.ID] = r
	return r.Version + 1, nil
}
