package scim

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"

	"latchkey/idp"
)

// service is who answers, for people.
const service = "The SCIM server"

// groupList notes how a group's own list of members is read, which comes whole. SCIM doesn't count members; a filter of the
// accounts by their group does, where the server was seen to know it.
func (m *members) groupList(reading *idp.Reading, groupID string, asked url.Values) *idp.ListReading {
	return reading.List(idp.Got(groupsPath+"/"+groupID, asked), func(ctx context.Context) (idp.Count, idp.Request, error) { return m.counted(ctx, groupID) })
}

// noteMembers notes a group's members as they were received. An attribute that may have many values may come as one of
// them alone.
func noteMembers(list *idp.ListReading, g shownGroup) error {
	var shown struct {
		Members json.RawMessage `json:"members"`
	}
	if err := json.Unmarshal(g.raw, &shown); err != nil {
		return err
	}
	var rows []json.RawMessage
	if json.Unmarshal(shown.Members, &rows) != nil && len(shown.Members) > 0 {
		rows = []json.RawMessage{shown.Members}
	}
	list.Page()
	for _, row := range rows {
		var m resource
		if err := json.Unmarshal(row, &m); err != nil || m.text("value") == "" {
			return &idp.Unintelligible{What: "a member on the SCIM server's list has no value by which it could be known; it will be tried again"}
		}
		list.Row(row, m.text("value"))
	}
	return nil
}

// accountList notes how the accounts that say that they are in a group are listed. The list may be begun several times.
type accountList struct {
	m       *members
	groupID string
	form    func(string) string
	reading *idp.Reading
	list    *idp.ListReading // the latest
}

func (m *members) accountList(ctx context.Context, groupID string) (*accountList, error) {
	form, err := m.accounts.filters.provenFor(ctx, "groups", usersPath, groupForms(), groupIDs)
	if err != nil && !unfiltered(err) {
		return nil, err
	}
	if form == nil {
		form = groupForms()[0]
	}
	return &accountList{m: m, groupID: groupID, form: form, reading: idp.NewReading(service, m.cfg.Clock)}, nil
}

// query asks for the accounts by a filter that was seen to work, else by one that may: what comes is looked at.
func (l *accountList) query() url.Values { return url.Values{"filter": {l.form(l.groupID)}} }

func (l *accountList) begin() pageNote {
	l.reading.Instead()
	l.list = l.reading.List(idp.Got(usersPath, l.query()), func(ctx context.Context) (idp.Count, idp.Request, error) { return l.m.counted(ctx, l.groupID) })
	list := l.list
	list.ByPosition() // the standard knows no other pages (RFC 7644, 3.4.2.4)
	return func(p listPage) {
		list.Page()
		for i, u := range p.Resources {
			if again := list.Row(p.rows[i], u.id()); !again && !inGroup(u, l.groupID) {
				list.Apart("accounts that are not in the group", false, false)
			}
		}
	}
}

// counted is how many accounts the server counts that say they are in a group; unknown where it wasn't seen to know such a
// filter: some answer one that they don't know with nobody, or with everybody.
func (m *members) counted(ctx context.Context, groupID string) (idp.Count, idp.Request, error) {
	asked := url.Values{"startIndex": {"1"}, "count": {"1"}}
	by := idp.Got(usersPath, asked)
	works, err := m.accounts.filters.provenFor(ctx, "groups", usersPath, groupForms(), groupIDs)
	if err != nil || works == nil {
		return idp.Count{}, by, unlessUnsaid(err)
	}
	asked.Set("filter", works(groupID))
	by = idp.Got(usersPath, asked)
	page, err := m.page(ctx, "count the members of group "+groupID, usersPath, url.Values{"filter": {works(groupID)}}, 1, 1)
	if err != nil {
		return idp.Count{}, by, unlessUnsaid(err)
	}
	for _, u := range page.Resources {
		if !inGroup(u, groupID) {
			return idp.Count{}, by, nil
		}
	}
	return idp.Counted(*page.TotalResults), by, nil
}

// unlessUnsaid is an error, unless it only means that the server won't say.
func unlessUnsaid(err error) error {
	if err != nil && (unfiltered(err) || errors.Is(err, idp.ErrDenied)) {
		return nil
	}
	return err
}

// groupForms are the two ways in which servers take a filter for the group that an account is in.
func groupForms() []func(string) string {
	return []func(string) string{
		func(v string) string { return "groups.value eq " + quote(v) },
		func(v string) string { return "groups[value eq " + quote(v) + "]" },
	}
}

// groupIDs are the groups that an account says it is in.
func groupIDs(account resource) (ids []string) {
	for _, in := range several(account.get("groups")) {
		ids = append(ids, in.text("value"))
	}
	return ids
}
