package write

import "latchkey/evidence/pack"

func (p *press) manifest(files int) pack.Manifest {
	m := pack.Manifest{
		Form: pack.Version, Campaign: p.r.Campaign.ID, Run: p.r.Campaign.Run, Status: p.r.Campaign.Status, Made: p.r.Campaign.Times.Made.UTC(), Version: p.r.Campaign.Tool.Version,
		Rows: p.r.Summary.Rows, Files: files, Sums: p.sums[len(p.sums)-1].hash, Chain: p.r.Campaign.Tool.Chain, Events: p.events,
	}
	m.Size, m.Root = p.r.Head.Size, p.r.Head.Root
	return m
}
