package scim

import (
	"encoding/json"
	"slices"
	"testing"

	"latchkey/idp"
)

func decoded(t *testing.T, text string) (r resource) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestMembersAreCountedOnce: servers keep twice whom somebody added twice.
func TestMembersAreCountedOnce(t *testing.T) {
	for text, want := range map[string][2][]string{
		`{}`:               {},
		`{"members":null}`: {},
		`{"Members":[{"value":"a"},{"value":"b"},{"value":"a"},{"value":""},{"display":"x"}]}`:                                              {{"a", "b"}, nil},
		`{"members":[{"value":"g","type":"group"},{"value":"h","$ref":"https://x/v2/Groups/h"},{"value":"g"},{"value":"a","type":"User"}]}`: {{"a"}, {"g", "h"}},
		`{"members":{"value":"a"}}`: {{"a"}, nil},
	} {
		people, nested := membersOf(decoded(t, text))
		if !slices.Equal(people, want[0]) || !slices.Equal(nested, want[1]) {
			t.Errorf("%s: %v, %v", text, people, nested)
		}
	}
}

// TestWhatStandsAtAPath: attributes are found in any letter case, inside others, and in extensions.
func TestWhatStandsAtAPath(t *testing.T) {
	r := decoded(t, `{"userType":"Employee","name":{"givenName":"Maya"},"addresses":[{"type":"home"},{"locality":"Oslo"}],"emails":[{"value":"m@x.com"}],
		"urn:acme:2.0:User":{"costCenter":7,"Org":{"unit":"B"}},"urn:acme:2.0":{"x":"y"},"active":true}`)
	for path, want := range map[string]string{
		"userType": "Employee", "USERTYPE": "Employee", "name.givenname": "Maya", "addresses.locality": "Oslo", "emails": "m@x.com", "none": "", "name.none": "",
		"urn:acme:2.0:User:costCenter": "7", "URN:ACME:2.0:USER:org.unit": "B", "urn:acme:2.0:User": "", "urn:acme:2.0:Usercost": "", "urn:none:x": "", "active": "true", "": "",
	} {
		if got := r.at(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// TestNothingHangsOnTheOrderOfAttributes: what two names could mean is decided by the names, at every reading.
func TestNothingHangsOnTheOrderOfAttributes(t *testing.T) {
	for range 50 {
		r := decoded(t, `{"TITLE":"first","Title":"second","title":"third","":"nameless",
			"urn:acme":{"2.0:User:unit":"short"},"urn:acme:2.0:User":{"unit":"long"},"urn:acme:2.0":{"User:unit":"middle"},
			"URN:other":{"unit":"first"},"urn:Other":{"unit":"second"}}`)
		for path, want := range map[string]string{"title": "third", "tITLE": "first", "Title": "second", "none": "",
			"urn:acme:2.0:user:unit": "long", "urn:acme:2.0:unit": "", "urn:other:unit": "first"} {
			if got := r.at(path); got != want {
				t.Fatalf("%s: %q, want %q", path, got, want)
			}
		}
	}
}

func TestWhichAddressIsTheAccounts(t *testing.T) {
	for text, want := range map[string]string{
		`{}`: "",
		`{"emails":[{"value":"A@x.com","type":"home"},{"value":"B@x.com","type":"Work"},{"value":"c@x.com","type":"work"}]}`: "b@x.com",
		`{"emails":[{"value":"a@x.com","type":"work"},{"value":"b@x.com","primary":true}]}`:                                  "b@x.com",
		`{"emails":[{"value":"a@x.com","primary":"True"},{"value":"b@x.com","type":"work"}]}`:                                "a@x.com",
		`{"emails":[{"value":" "},{"value":"a@x.com"},{"value":"b@x.com"}]}`:                                                 "a@x.com",
	} {
		if got := decoded(t, text).address(); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestStatus(t *testing.T) {
	held := []Mark{{"state", "Held"}}
	for text, want := range map[string]idp.Status{
		`{}`: idp.Active, `{"active":true}`: idp.Active, `{"active":false}`: idp.Left, `{"active":"False"}`: idp.Left,
		`{"active":false,"state":"held"}`: idp.Suspended, `{"active":true,"state":"HELD"}`: idp.Suspended, `{"active":true,"state":"fine"}`: idp.Active,
	} {
		if got := decoded(t, text).status(held); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestValuesInFilters(t *testing.T) {
	for text, want := range map[string]string{`maya@x.com`: `"maya@x.com"`, `a"b\c`: `"a\"b\\c"`, "a\nb\x00": `"a\u000ab\u0000"`, "Ünal": `"Ünal"`, "": `""`} {
		if got := quote(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
