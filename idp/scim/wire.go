package scim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/idp"
)

const (
	enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	patchOp    = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
)

// resource is an account or a group as the server writes it. Names of attributes have no letter case (RFC 7643, 2.1).
type resource map[string]any

// get is the value of an attribute; nil if there is none. Of names that differ in letter case only, which a server
// should not write, it is the one spelled as asked for, else the first in byte order: the same at every reading.
func (r resource) get(name string) any {
	if v, plain := r[name]; plain {
		return v
	}
	spelled := slices.Sorted(maps.Keys(r))
	if at := slices.IndexFunc(spelled, func(k string) bool { return strings.EqualFold(k, name) }); at >= 0 {
		return r[spelled[at]]
	}
	return nil
}

// extension is the name of the extension a path leads into; "" if it is none of those the resource has. Where one
// name begins another ("urn:acme:2.0", "urn:acme:2.0:User"), the longest that fits is meant.
func (r resource) extension(path string) string {
	found := ""
	for name := range r {
		if len(path) <= len(name) || path[len(name)] != ':' || !strings.EqualFold(path[:len(name)], name) {
			continue
		}
		if longer := cmp.Compare(len(name), len(found)); longer > 0 || longer == 0 && name < found {
			found = name
		}
	}
	return found
}

func (r resource) text(name string) string { return textOf(r.get(name)) }

func (r resource) id() string { return r.text("id") }

// version is what the server calls this state of the resource, in what it says of it. The header of the same
// purpose is not believed: frameworks make one of their own.
func (r resource) version() string { return inside(r.get("meta")).text("version") }

// inside is a value that has attributes of its own.
func inside(value any) resource {
	m, _ := value.(map[string]any)
	return m
}

// several are the values of an attribute that may have many.
func several(value any) []resource {
	var all []resource
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			if m, ok := one.(map[string]any); ok {
				all = append(all, m)
			}
		}
	case map[string]any:
		all = append(all, v)
	}
	return all
}

func textOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	}
	return fmt.Sprint(value)
}

// at is the text at a path as the standard writes it (RFC 7644, 3.10): an attribute, one inside it, or one of an
// extension behind the extension's name. Of several values it is the first that has any.
func (r resource) at(path string) string {
	if strings.HasPrefix(strings.ToLower(path), "urn:") {
		name := r.extension(path)
		if name == "" {
			return ""
		}
		return inside(r[name]).at(path[len(name)+1:])
	}
	outer, inner, deep := strings.Cut(path, ".")
	if !deep {
		if all := several(r.get(outer)); len(all) > 0 {
			return all[0].text("value")
		}
		return r.text(outer)
	}
	for _, one := range several(r.get(outer)) {
		if text := one.at(inner); text != "" {
			return text
		}
	}
	return ""
}

// has tells whether one of the marks is on the resource, and which.
func (r resource) has(marks []Mark) (Mark, bool) {
	at := slices.IndexFunc(marks, func(m Mark) bool { return strings.EqualFold(r.at(m.Attribute), m.Value) })
	if at < 0 {
		return Mark{}, false
	}
	return marks[at], true
}

// address is an account's own e-mail address: the primary one, else that of work, else the first. Others are no
// names of the account: they may be shared.
func (r resource) address() string {
	var work, first string
	for _, m := range several(r.get("emails")) {
		value := idp.FoldAddress(strings.TrimSpace(m.text("value")))
		switch {
		case value == "":
		case strings.EqualFold(m.text("primary"), "true"):
			return value
		case work == "" && strings.EqualFold(m.text("type"), "work"):
			work = value
		case first == "":
			first = value
		}
	}
	return cmp.Or(work, first)
}

// carries tells whether an address is the account's own, or its sign-in name.
func (r resource) carries(address string) bool {
	return idp.SameAddress(r.text("userName"), address) || idp.SameAddress(r.address(), address)
}

// status folds what the standard and the server's own marks say. An account that says nothing of it is in use:
// "active" is no attribute that has to be there.
func (r resource) status(onHold []Mark) idp.Status {
	if _, held := r.has(onHold); held {
		return idp.Suspended
	}
	if strings.EqualFold(r.text("active"), "false") {
		return idp.Left
	}
	return idp.Active
}

func instant(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// quote writes a text as a value in a filter, which is JSON (RFC 7644, 3.4.2.2), in its plainest form.
func quote(value string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range value {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r < ' ':
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
	return out.String()
}
