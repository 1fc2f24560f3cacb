package scrub

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// Tool is what a snapshot's provenance says about the program that made it.
type Tool struct {
	Version string
	// KeyFingerprint is "" when the key was made for this run.
	KeyFingerprint string
	// Unsafe: undecided columns were kept.
	Unsafe bool
}

// ToSnapshot puts the dump's anonymized rows and its objects into blobs and returns the manifest, which the caller commits. policy
// is the one that o.Anonymizer carries out; b's Jobs is set to o's.
func ToSnapshot(
	ctx context.Context, src Source, survey *Survey, policy *anonymize.Policy, tool Tool,
	blobs snapshot.Blobs, b snapshot.BuilderOptions, o Options,
) (ocispec.Descriptor, Summary, error) {
	b.Jobs = max(o.Jobs, 1)
	builder := snapshot.NewBuilder(ctx, blobs, b)
	defer builder.Close()
	counts := counter{}
	var objects objects
	r := &run{
		source: src, survey: survey, options: o,
		render: (*worker).rowtext, wholeRows: true,
		statement: func(st *mysqldump.Statement, p *plan) ([]byte, error) {
			if st.Kind == mysqldump.InsertEnd && !p.drop {
				return nil, checkEnd(st, p)
			}
			return nil, objects.add(st)
		},
		emit: func(t *task) error {
			counts.add(t)
			if len(t.ends) == 0 {
				return nil // every row of the block was left out
			}
			return builder.Append(t.plan.database, t.plan.table.Name, t.out, t.ends)
		},
	}
	if err := r.check(ctx); err != nil {
		return ocispec.Descriptor{}, Summary{}, err
	}
	manifest, err := builder.Finish(ctx, config(survey, policy, r.selection, tool), objects.before, objects.after)
	return manifest, counts.summary(survey), err
}

// config says what the snapshot is made of.
func config(s *Survey, policy *anonymize.Policy, selection *anonymize.Selection, tool Tool) snapshot.Config {
	c := snapshot.Config{
		Unsafe: tool.Unsafe,
		Provenance: snapshot.Provenance{
			Tool: "fuzzy", ToolVersion: tool.Version, KeyFingerprint: tool.KeyFingerprint,
			PolicyDigest: digest.Digest(policy.Digest()), SourceFormat: s.Format, ServerVersion: s.Header.ServerVersion,
			TimeZone: timeZone(s.TimeZone), Charset: s.Charset,
		},
	}
	for _, d := range s.Tables {
		t := policy.Table(d.Database, d.Table.Name)
		info := tableInfo(d, t)
		setChosen(&info, t, selection)
		c.Tables = append(c.Tables, info)
	}
	return c
}

func tableInfo(d Definition, t *anonymize.TablePolicy) snapshot.TableInfo {
	info := snapshot.TableInfo{Database: d.Database, Name: d.Table.Name, Layout: rowtext.LayoutOf(d.Table)}
	if info.RowsOmitted = t.Rows == anonymize.NoRows; info.RowsOmitted {
		return info // nothing needed to be decided
	}
	for _, column := range d.Table.Columns {
		info.Columns = append(info.Columns, columnInfo(column, t.Column(column.Name)))
	}
	return info
}

// setChosen says how rows were chosen.
func setChosen(info *snapshot.TableInfo, t *anonymize.TablePolicy, selection *anonymize.Selection) {
	switch {
	case !selection.Loses(info.Database, info.Name), t.Rows == anonymize.NoRows: // which rows_omitted says
	case t.Where != "":
		info.RowsChosen = snapshot.ChosenWhere
	case t.Rows == anonymize.SomeRows:
		info.RowsChosen = snapshot.ChosenFraction
	default:
		info.RowsChosen = snapshot.ChosenParents
	}
	if t.Children != anonymize.FailChildren {
		info.Children = t.Children.String()
	}
}

func columnInfo(c ddl.Column, d anonymize.Decision) snapshot.ColumnInfo {
	info := snapshot.ColumnInfo{
		Name: c.Name, Origin: d.Origin, Position: position(d.Position), Reason: d.Reason,
		Generated: c.Generated != ddl.NotGenerated,
	}
	switch d.Status {
	case anonymize.Treated:
		info.Status, info.Kind = snapshot.StatusTreated, d.Treatment.Kind
		info.Options = annotations.DescribeOptions(d.Treatment)
		if len(d.Cases) > 0 {
			info.Kind, info.Options = "conditions", describeCases(d.Cases)
		}
	case anonymize.Public:
		info.Status = snapshot.StatusPublic
		if d.Origin == annotations.OriginFlag { // nobody decided: it was kept because the operator said so
			info.Status = snapshot.StatusUndecided
		}
	case anonymize.Undecided:
		info.Status = snapshot.StatusUndecided
	}
	return info
}

// describeCases names the treatments of cases without their conditions, whose literals may be somebody's data.
func describeCases(cases []anonymize.Case) string {
	var parts []string
	for _, c := range cases {
		parts = append(parts, strings.TrimSpace(c.Treatment.Kind+" "+annotations.DescribeOptions(c.Treatment)))
	}
	return strings.Join(parts, "; ")
}

// position leaves out the directories of an absolute path: they may name a person.
func position(p anonymize.Position) string {
	if filepath.IsAbs(p.File) {
		p.File = filepath.Base(p.File)
	}
	return p.String()
}

// timeZone is the zone to load TIMESTAMPs in: the dump's, or UTC when the dump does not say, where every local time exists.
func timeZone(zone string) string {
	if zone == "" || strings.EqualFold(zone, "SYSTEM") {
		return "+00:00"
	}
	return zone
}
