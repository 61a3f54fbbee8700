package rawjson

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestMembersOfWhatIsNoObject(t *testing.T) {
	for _, text := range []string{"", "null", "[]", `{"a":1`, `{"a":1,}`, `{"a" 1}`, `{"a":[}`, `{"a":1}{}`, `{"a":"x\\\"}`} {
		if err := Members([]byte(text), func(_, _ []byte) {}); err == nil {
			t.Errorf("%q has members", text)
		}
	}
}

func TestElementsOfWhatIsNoArray(t *testing.T) {
	for _, text := range []string{"", "null", "{}", `[1`, `[1,]`, `[1 2]`, `[[}`, `[1][]`, `["x\\\"]`} {
		if err := Elements([]byte(text), func([]byte) {}); err == nil {
			t.Errorf("%q has elements", text)
		}
	}
}

// FuzzElements compares with encoding/json on everything that it takes for an array.
func FuzzElements(f *testing.F) {
	f.Add([]byte(`["}\"]",[{"c":"]"},1.5e3],null]`))
	f.Add([]byte(" [\t] "))
	f.Fuzz(func(t *testing.T, text []byte) {
		var want []json.RawMessage
		if json.Unmarshal(text, &want) != nil || want == nil {
			return
		}
		var got []json.RawMessage
		if err := Elements(text, func(value []byte) { got = append(got, value) }); err != nil || len(got) != len(want) {
			t.Fatalf("%q has %d elements, %v; it should have %d", text, len(got), err, len(want))
		}
		for i, value := range want {
			if !bytes.Equal(got[i], value) {
				t.Errorf("%d of %q is %q", i, text, got[i])
			}
		}
	})
}

// FuzzMembers compares with encoding/json on everything that it takes for an object.
func FuzzMembers(f *testing.F) {
	f.Add([]byte(`{"a":"}\"]","b":[{"c":"]"},1.5e3],"a":null}`))
	f.Add([]byte(" {\t} "))
	f.Fuzz(func(t *testing.T, text []byte) {
		var want map[string]json.RawMessage
		if json.Unmarshal(text, &want) != nil || want == nil {
			return
		}
		got := map[string][]byte{}
		err := Members(text, func(key, value []byte) {
			var name string
			if json.Unmarshal(key, &name) != nil {
				t.Errorf("%q has a key %q", text, key)
			}
			got[name] = value
		})
		if err != nil || len(got) != len(want) {
			t.Fatalf("%q has %d members, %v; it should have %d", text, len(got), err, len(want))
		}
		for name, value := range want {
			if !bytes.Equal(got[name], value) {
				t.Errorf("%s of %q is %q", name, text, got[name])
			}
		}
	})
}
