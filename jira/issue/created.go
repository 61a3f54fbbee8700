package issue

import (
	"encoding/json"
	"strconv"
)

// Created is an issue that exists. Its status is called there as customers read it:
// the portal may have other names than the workflow, and the same for several.
type Created struct{ ID, Key, CustomerStatus string }

// ReadCreated takes out of a 201 what must not be lost. Whatever else is in the
// answer, and in whatever shape, the issue exists.
func ReadCreated(body []byte) Created {
	var top map[string]json.RawMessage
	if json.Unmarshal(body, &top) != nil {
		return Created{}
	}
	got := Created{ID: scalar(top["issueId"]), Key: scalar(top["issueKey"])}
	if got.ID == "" {
		got.ID = got.Key
	}
	var now struct{ Status string }
	if json.Unmarshal(top["currentStatus"], &now) == nil {
		got.CustomerStatus = now.Status
	}
	return got
}

// scalar reads an id that may be a string or a number.
func scalar(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n int64
	if json.Unmarshal(raw, &n) == nil {
		return strconv.FormatInt(n, 10)
	}
	return ""
}
