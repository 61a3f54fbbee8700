package campaigns

import (
	"log/slog"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Catalog     func() *catalog.Catalog
	Reviews     func() []catalog.Review // as they are configured
	Directories people.Directories
	Groups      *people.Groups // which groups the configuration means
	Logger      *slog.Logger
	Version     string // of Latchkey, for the population proof
}

// Service runs access reviews. It is safe for concurrent use.
type Service struct {
	units   *engine.Units
	catalog func() *catalog.Catalog
	reviews func() []catalog.Review
	dirs    people.Directories
	groups  *people.Groups
	log     *slog.Logger
	version string
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{units: c.Units, catalog: c.Catalog, reviews: c.Reviews, dirs: c.Directories, groups: c.Groups, log: c.Logger, version: c.Version}
}

// campaigns is how a campaign is kept.
func campaigns() engine.Noun[access.Campaign] {
	return engine.Noun[access.Campaign]{Kind: "campaign", ID: func(c access.Campaign) string { return c.ID }, Load: store.Campaign, Put: store.PutCampaign}
}
