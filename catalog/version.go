package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// versionLength is how many hex digits name a version: enough for a catalogue to
// be changed a million times and hardly ever get a name again.
const versionLength = 12

// Version names what was configured: two catalogues that say the same have the
// same one, whatever order the routes stand in and whatever the file says besides.
func (c *Catalog) Version() string {
	if c.version != "" {
		return c.version
	}
	return versionOf(c)
}

// Versioned is a catalogue with its version reckoned, which is otherwise done each time somebody asks. The one that is given
// isn't changed.
func Versioned(c *Catalog) *Catalog {
	out := *c
	out.version = versionOf(&out)
	return &out
}

// versionOf hashes what the catalogue says. What isn't set is left out, so that a
// setting that comes later does not make every catalogue look changed.
func versionOf(c *Catalog) string {
	routes := make([]Route, 0, len(c.routes))
	for _, name := range slices.Sorted(maps.Keys(c.routes)) {
		routes = append(routes, c.routes[name])
	}
	said, err := canonical(map[string]any{"apps": c.apps, "routes": routes, "bundles": c.bundles, "policy": c.policy, "birthrights": c.birthrights.Rules, "reviews": c.reviews})
	if err != nil { // all of it is plain data
		said = fmt.Append(nil, c.apps, routes, c.bundles)
	}
	sum := sha256.Sum256(said)
	return hex.EncodeToString(sum[:])[:versionLength]
}

// canonical writes data in one way only: keys sorted, nothing that is empty.
func canonical(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var data any
	if err := json.Unmarshal(raw, &data); err != nil {
		return nil, err
	}
	return json.Marshal(pruned(data))
}

// pruned leaves out of objects what says nothing. Lists keep every place.
func pruned(v any) any {
	switch data := v.(type) {
	case map[string]any:
		for key, inside := range data {
			if data[key] = pruned(inside); empty(data[key]) {
				delete(data, key)
			}
		}
	case []any:
		for i := range data {
			data[i] = pruned(data[i])
		}
	}
	return v
}

func empty(v any) bool {
	switch data := v.(type) {
	case nil:
		return true
	case map[string]any:
		return len(data) == 0
	case []any:
		return len(data) == 0
	}
	return v == "" || v == false || v == 0.0
}
