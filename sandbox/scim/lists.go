package scim

import (
	"net/http"

	"latchkey/sandbox/fault"
)

// members is how a group shows its members: all at once, in a resource.
func members() fault.Shape {
	return fault.Shape{
		Cursor: "startIndex", Rows: "members", IDs: []string{"value"},
		Next:   func(http.Header, map[string]any) string { return "" },
		Lead:   func(*http.Request, http.Header, map[string]any, string) {},
		Refuse: func(w http.ResponseWriter, _ *http.Request, status int) { refuse(w, status, "", 0) },
	}
}
