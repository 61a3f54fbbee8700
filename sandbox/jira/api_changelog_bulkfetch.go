package jira

import (
	"net/http"
	"slices"
	"strconv"

	"latchkey/sandbox/jira/world"
)

func bulkChangelog(c *call) (reply, error) {
	var in struct {
		IssueIDsOrKeys []string `json:"issueIdsOrKeys"`
		FieldIDs       []string `json:"fieldIds"`
		MaxResults     int      `json:"maxResults"`
		NextPageToken  string   `json:"nextPageToken"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	if len(in.IssueIDsOrKeys) == 0 || len(in.IssueIDsOrKeys) > 1000 || len(in.FieldIDs) > 10 {
		return reply{}, refuse(http.StatusBadRequest, "Between 1 and 1000 issues and at most 10 fields must be given.")
	}
	start, err := readToken(in.NextPageToken, c.path)
	if err != nil {
		return reply{}, err
	}
	size := in.MaxResults
	if size <= 0 {
		size = 1000
	}
	all := c.changeRefs(in.IssueIDsOrKeys, in.FieldIDs)
	page := all[min(start, len(all)):min(start+size, len(all))]
	out := obj{"issueChangeLogs": c.groupChanges(page)}
	if start+len(page) < len(all) {
		out["nextPageToken"] = writeToken(start+len(page), c.path)
	}
	return ok(out), nil
}

type changeRef struct {
	is *world.LiveIssue
	h  *world.LiveChange
}

func (c *call) changeRefs(names, fields []string) []changeRef {
	var out []changeRef
	for _, is := range c.lookup(names) {
		for _, h := range is.History {
			if len(fields) == 0 || slices.ContainsFunc(h.Items, func(it world.ChangedField) bool { return slices.Contains(fields, it.FieldID) }) {
				out = append(out, changeRef{is, h})
			}
		}
	}
	return out
}

// groupChanges writes consecutive changes of one issue together.
func (c *call) groupChanges(refs []changeRef) []any {
	out := []any{}
	for i := 0; i < len(refs); {
		is, histories := refs[i].is, []any{}
		for ; i < len(refs) && refs[i].is == is; i++ {
			one := c.change(refs[i].h)
			switch at := refs[i].h.At; c.s.cfg.ChangelogDates {
			case "seconds":
				one["created"] = at.Unix()
			case "milliseconds":
				one["created"] = at.UnixMilli()
			}
			histories = append(histories, one)
		}
		out = append(out, obj{"issueId": strconv.Itoa(is.ID), "changeHistories": histories})
	}
	return out
}
