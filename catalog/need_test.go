package catalog_test

import (
	"encoding/json"
	"testing"

	"latchkey/catalog"
)

func TestNeedIsReadAndWritten(t *testing.T) {
	for text, want := range map[string]catalog.Need{"any": {}, "1": {}, "all": {All: true}, "2": {AtLeast: 2}, " 12 ": {AtLeast: 12}} {
		got, err := catalog.ParseNeed(text)
		if err != nil || got != want {
			t.Errorf("ParseNeed(%q) = %+v, %v, want %+v", text, got, err, want)
		}
		raw, err := json.Marshal(got)
		var back catalog.Need
		if err != nil || json.Unmarshal(raw, &back) != nil || back != want {
			t.Errorf("%q is kept as %s and comes back as %+v (%v)", text, raw, back, err)
		}
	}
	for _, text := range []string{"", "0", "-1", "2.5", "most", "All", "at least"} {
		if got, err := catalog.ParseNeed(text); err == nil {
			t.Errorf("ParseNeed(%q) = %+v, want a sentence", text, got)
		}
	}
}
