package reading

import (
	"context"
	"strings"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// chart knows who is above whom, by what directories say of accounts. What it has found once it knows: a hundred thousand
// people have a few thousand managers.
type chart struct {
	*pass
	above map[[2]string]boss           // by directory and account: who is above those that are not among the accounts
	named map[bossName]access.PersonID // whom a directory means by what it says of a manager
	ids   map[string]string            // of managers' accounts, see id
}

// boss is who is above an account: who they are, and their own account in the same directory.
type boss struct {
	who     access.PersonID // "" if nobody knows them
	account string          // "" at the top, and where it isn't known
}

// bossName is a manager as a directory names one.
type bossName struct{ directory, account, address string }

func newChart(p *pass) *chart {
	return &chart{p, map[[2]string]boss{}, map[bossName]access.PersonID{}, map[string]string{}}
}

// id is the id of a manager's account as it is kept: the same text for everybody who names it.
func (c *chart) id(account string) string {
	kept, known := c.ids[account]
	if !known {
		kept = strings.Clone(account)
		c.ids[kept] = kept
	}
	return kept
}

// over is who is above an account.
func (c *chart) over(ctx context.Context, directory, account string) (boss, error) {
	key := [2]string{directory, account}
	if a := c.find(directory, account); a != nil {
		return boss{a.managedBy, a.manager}, nil
	}
	if known, looked := c.above[key]; looked {
		return known, nil
	}
	if directory == access.ImportedDirectory { // there, people stand for whom they manage
		who, err := c.managerOf(ctx, access.PersonID(account))
		return boss{who, string(who)}, err
	}
	var next boss
	if d, configured := c.directory(directory); configured {
		p, _, err := readAccount(ctx, d, account, true)
		if err != nil {
			return next, err
		}
		who, err := c.boss(ctx, directory, p)
		if err != nil {
			return next, err
		}
		next = boss{who, p.ManagerID}
	}
	c.above[key] = next
	return next, nil
}

// managerOf is who is above somebody, by what directories say of them.
func (c *chart) managerOf(ctx context.Context, who access.PersonID) (access.PersonID, error) {
	if who == "" {
		return "", nil
	}
	key := [2]string{access.ImportedDirectory, string(who)}
	if known, looked := c.above[key]; looked {
		return known.who, nil
	}
	above, err := c.Reviewers.Manager(ctx, who)
	if err := people.Softly(err); err != nil {
		return "", err
	}
	c.above[key] = boss{above, string(above)}
	return above, nil
}

// boss is whom a directory names as the manager of an account.
func (c *chart) boss(ctx context.Context, directory string, p idp.Person) (access.PersonID, error) {
	if p.ManagerID == "" && p.ManagerEmail == "" {
		return "", nil
	}
	key := bossName{directory, c.id(p.ManagerID), p.ManagerEmail}
	if known, looked := c.named[key]; looked {
		return known, nil
	}
	who, err := c.Reviewers.Above(ctx, directory, p)
	if err := people.Softly(err); err != nil {
		return "", err
	}
	key.address = strings.Clone(key.address)
	c.named[key] = who
	return who, nil
}
