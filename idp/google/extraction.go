package google

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"

	admin "google.golang.org/api/admin/directory/v1"

	"latchkey/idp"
)

// service is whose API answers, for people.
const service = "Google"

// memberList reads the pages of one group's own members, and notes what comes.
type memberList struct {
	d       *groups
	groupID string
	read    *idp.ListReading
}

func (d *groups) memberList(reading *idp.Reading, groupID string) memberList {
	q := idp.Got("/admin/directory/v1/groups/"+groupID+"/members", url.Values{"maxResults": {fmt.Sprint(groupPage)}})
	return memberList{d, groupID, reading.List(q, func(ctx context.Context) (idp.Count, idp.Request, error) { return d.recounted(ctx, groupID) })}
}

// countFirst notes how many there are before they are read: that shows whether somebody left or joined meanwhile.
func (l memberList) countFirst(ctx context.Context) error {
	count, err := l.d.before(ctx, l.groupID)
	if err == nil {
		l.read.Before(count)
	}
	return err
}

// through goes through all of them.
func (l memberList) through(ctx context.Context) iter.Seq2[*admin.Member, error] {
	return pages(func(token string) ([]*admin.Member, string, error) { return l.page(ctx, token) })
}

func (l memberList) page(ctx context.Context, token string) (some []*admin.Member, next string, err error) {
	var body []byte
	what := "list the members of group " + l.groupID
	err = l.d.call(keeping(ctx, &body), admin.AdminDirectoryGroupMemberScope, what, func(ctx context.Context) error {
		c := l.d.admin.Members.List(l.groupID).MaxResults(groupPage).Context(ctx)
		if token != "" {
			c = c.PageToken(token)
		}
		page, err := c.Do()
		if err == nil {
			some, next = page.Members, page.NextPageToken
		}
		return err
	})
	if err == nil {
		if err = l.note(body, some); err != nil {
			err = fmt.Errorf("%s: cannot %s: %w", l.d.cfg.ID, what, err)
		}
	}
	return some, next, err
}

// note notes a page. Google leaves an empty list out, so the kind of the answer is what tells that it is one.
func (l memberList) note(body []byte, some []*admin.Member) error {
	var page struct {
		Kind string            `json:"kind"`
		Rows []json.RawMessage `json:"members"`
	}
	if err := json.Unmarshal(body, &page); err != nil || page.Kind != "admin#directory#members" || len(page.Rows) != len(some) {
		return &idp.Unintelligible{What: "Google's answer has no list of members in it; it will be tried again"}
	}
	l.read.Page()
	for i, m := range some {
		if m == nil || m.Id == "" && m.Email == "" || m.Type == "" {
			return &idp.Unintelligible{What: "an entry of Google's list has no id or doesn't say what it is; it will be tried again"}
		}
		if m.Type == typeCustomer && m.Email != "" {
			return &idp.Unintelligible{What: "an entry of Google's list says that it is the whole organisation, and has an address of its own; it will be tried again"}
		}
		switch again := l.read.Row(page.Rows[i], cmp.Or(m.Id, m.Email)); {
		case again:
		case m.Type == typeGroup:
			l.read.Apart("groups", true, false)
		case m.Type == typeCustomer:
			l.read.Apart("the whole organisation", true, false)
		}
	}
	return nil
}

// counted is how many members of its own Google counts in a group, now; unknown where it doesn't say, which the library
// takes for none.
func (d *groups) counted(ctx context.Context, groupID string) (count idp.Count, by idp.Request, err error) {
	by = idp.Got("/admin/directory/v1/groups/"+groupID, nil)
	var body []byte
	g, err := d.readGroup(keeping(idp.Apart(ctx), &body), groupID)
	if err != nil {
		return count, by, err
	}
	var said struct {
		Count *json.RawMessage `json:"directMembersCount"`
	}
	if err := json.Unmarshal(body, &said); err == nil && said.Count != nil {
		count = idp.Counted(int(g.DirectMembersCount))
		d.noteCount(groupID, g.DirectMembersCount)
	}
	return count, by, nil
}

// recounted is counted for who wants to compare: one who may not ask doesn't know.
func (d *groups) recounted(ctx context.Context, groupID string) (idp.Count, idp.Request, error) {
	count, by, err := d.counted(ctx, groupID)
	if errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrRefused) {
		return idp.Count{}, by, nil
	}
	return count, by, err
}

// before is how many members Google counts in a group before they are read: what was seen within a minute, or what it says now.
func (d *groups) before(ctx context.Context, groupID string) (idp.Count, error) {
	d.mu.Lock()
	s := d.known[groupID]
	d.mu.Unlock()
	if s.counted.After(d.cfg.Clock.Now()) {
		return idp.Counted(s.members), nil
	}
	count, _, err := d.recounted(ctx, groupID)
	return count, err
}

// noteCount remembers how many members Google has just counted in a group.
func (d *groups) noteCount(groupID string, members int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.known[groupID]
	s.members, s.counted = int(members), d.cfg.Clock.Now().Add(seenFor)
	d.known[groupID] = s
}

// everybodyNoted notes the pages of all accounts, which Google doesn't count.
func (d *groups) everybodyNoted(reading *idp.Reading) func(body []byte) error {
	read := reading.List(idp.Got("/admin/directory/v1/users", url.Values{"customer": {myCustomer}, "maxResults": {fmt.Sprint(peoplePage)}, "projection": {"full"}}), nil)
	return func(body []byte) error {
		var page struct {
			Rows []json.RawMessage `json:"users"`
		}
		if err := json.Unmarshal(body, &page); err != nil {
			return &idp.Unintelligible{What: "Google's answer has no list of accounts in it; it will be tried again"}
		}
		read.Page()
		for _, row := range page.Rows {
			var u struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(row, &u); err != nil || u.ID == "" {
				return &idp.Unintelligible{What: "an account on Google's list has no id; it will be tried again"}
			}
			read.Row(row, u.ID)
		}
		return nil
	}
}
