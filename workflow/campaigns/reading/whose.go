package reading

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/workflow/campaigns/imported"
	"latchkey/workflow/campaigns/targets"
)

// whoseRead is what is known of whose the accounts on an imported list are.
type whoseRead struct {
	*imported.Whose
	list access.ImportedList
	how  map[string]matchedRow // by account
}

type matchedRow struct {
	line  int
	known bool // whose it is
	how   string
	used  time.Time
}

// whoseOf reads it once.
func (p *pass) whoseOf(ctx context.Context, app string) (*whoseRead, error) {
	if w := p.whose[app]; w != nil {
		return w, nil
	}
	list, err := p.Imported.Last(ctx, app)
	if err != nil {
		return nil, err
	}
	is, err := p.Imported.Whose(ctx, list)
	if err != nil {
		return nil, err
	}
	if p.whose == nil {
		p.whose = map[string]*whoseRead{}
	}
	p.whose[app] = &whoseRead{is, list, map[string]matchedRow{}}
	return p.whose[app], nil
}

// fileOf is the file from which a group was read, with whose the accounts are that are in the group; nil for a directory's.
func (p *pass) fileOf(t targets.Target, ids iter.Seq[string]) *access.ImportedFile {
	app, _ := imported.RoleOf(t.Ref.Group)
	whose := p.whose[app]
	if t.Ref.Directory != access.ImportedDirectory || whose == nil {
		return nil
	}
	file, count := whose.list.File, map[string]int{}
	for id := range ids {
		_, account := imported.RoleOf(id)
		if m := whose.how[account]; m.known {
			count[m.how]++
		} else {
			file.Unmatched = append(file.Unmatched, m.line)
		}
	}
	slices.Sort(file.Unmatched)
	for _, how := range slices.Sorted(maps.Keys(count)) {
		file.Whose = append(file.Whose, fmt.Sprintf("%s: %d", how, count[how]))
	}
	return &file
}
