using System.Globalization;
using System.Net;
using System.Text;

namespace Alongside.Bench.Report;

/// <summary>
/// Panels of bars in two columns as one SVG: paper and ink, light and dark as the reader's system is, one accent for Alongside. Every bar has its
/// figure beside it, so that nothing is known by colour or length alone.
/// </summary>
internal static class Chart
{
    private const int Width = 920, Margin = 24, Gap = 40, Columns = 2;
    private const int PanelWidth = (Width - (2 * Margin) - Gap) / Columns;
    private const int Head = 72, PanelHead = 34, Row = 24, PanelFoot = 26;
    private const int LabelWidth = 128, FigureWidth = 96, BarHeight = 12;

    private const string Style = """
        <style>
          text { font-family: ui-sans-serif, system-ui, Inter, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-size: 13px; font-variant-numeric: tabular-nums; fill: #5d5850; }
          .paper { fill: #faf8f5; } .title { font-size: 18px; font-weight: 640; fill: #1d1b18; } .panel { font-size: 14px; font-weight: 600; fill: #1d1b18; }
          .ours { font-weight: 640; fill: #1d1b18; } .bar { fill: #b3ab9e; } .more { fill: #d9d3c8; } .ours-bar { fill: #c7741a; } .ours-more { fill: #e9bd8c; }
          .line { stroke: #5d5850; stroke-width: 1.5; } .zero { stroke: #d5cfc4; stroke-width: 1; }
          @media (prefers-color-scheme: dark) {
            text { fill: #b9b2a6; } .paper { fill: #171614; } .title, .panel, .ours { fill: #f3efe8; }
            .bar { fill: #6f685e; } .more { fill: #46413a; } .ours-bar { fill: #f0a04b; } .ours-more { fill: #8a5c2b; } .line { stroke: #b9b2a6; } .zero { stroke: #45413a; }
          }
        </style>
        """;

    /// <param name="legend">What bar, line and figure are, in a sentence.</param>
    public static string Draw(string title, string legend, IReadOnlyList<Panel> panels)
    {
        var body = new StringBuilder();
        int top = Head;
        for (int i = 0; i < panels.Count; i += Columns)
        {
            int height = 0;
            for (int column = 0; column < Columns && i + column < panels.Count; column++)
            {
                Draw(body, panels[i + column], Margin + (column * (PanelWidth + Gap)), top);
                height = Math.Max(height, PanelHead + (panels[i + column].Bars.Length * Row) + PanelFoot);
            }

            top += height;
        }

        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {top}" width="{Width}" height="{top}" role="img" aria-label="{Text(title)}">
            {Style}
            <rect class="paper" width="{Width}" height="{top}" rx="14"/>
            <text class="title" x="{Margin}" y="34">{Text(title)}</text>
            <text x="{Margin}" y="54">{Text(legend)}</text>
            {body}</svg>

            """);
    }

    private static void Draw(StringBuilder to, Panel panel, int x, int y)
    {
        double most = panel.Bars.Max(bar => bar.End), scale = most > 0 ? (PanelWidth - LabelWidth - FigureWidth) / most : 0;
        int left = x + LabelWidth, bottom = y + PanelHead + (panel.Bars.Length * Row);
        to.Append(CultureInfo.InvariantCulture, $"<text class=\"panel\" x=\"{x}\" y=\"{y + 18}\">{Text(panel.Title)}<tspan font-weight=\"400\">{Text(panel.Unit.Length > 0 ? ", " + panel.Unit : "")}</tspan></text>\n");
        to.Append(CultureInfo.InvariantCulture, $"<line class=\"zero\" x1=\"{left}\" x2=\"{left}\" y1=\"{y + PanelHead - 3}\" y2=\"{bottom - 3}\"/>\n");
        for (int i = 0; i < panel.Bars.Length; i++)
        {
            Draw(to, panel.Bars[i], x, left, y + PanelHead + (i * Row), scale);
        }
    }

    private static void Draw(StringBuilder to, Bar bar, int x, int left, int top, double scale)
    {
        string own = bar.IsOurs ? " class=\"ours\"" : "", kind = bar.IsOurs ? "ours-" : "";
        double middle = top + (BarHeight / 2.0);
        to.Append(CultureInfo.InvariantCulture, $"<text{own} x=\"{x}\" y=\"{top + 11}\">{Text(bar.Label)}</text>\n");
        if (bar.Value is >= 0 and { } value)
        {
            to.Append(CultureInfo.InvariantCulture, $"<rect class=\"{kind}bar\" x=\"{left}\" y=\"{top}\" width=\"{Math.Max(1, value * scale):0.0}\" height=\"{BarHeight}\" rx=\"2\"/>\n");
            if (bar.Added is { } added)
            {
                to.Append(CultureInfo.InvariantCulture, $"<rect class=\"{kind}more\" x=\"{left + (value * scale):0.0}\" y=\"{top}\" width=\"{added * scale:0.0}\" height=\"{BarHeight}\" rx=\"2\"/>\n");
            }

            if (bar.Beyond is { } beyond)
            {
                to.Append(CultureInfo.InvariantCulture,
                    $"<path class=\"line\" fill=\"none\" d=\"M{left + (value * scale):0.0} {middle}H{left + (beyond * scale):0.0}m0 -4v8\"/>\n");
            }
        }

        to.Append(CultureInfo.InvariantCulture, $"<text{own} x=\"{left + (bar.End * scale) + 8:0.0}\" y=\"{top + 11}\">{Text(Figure(bar))}</text>\n");
    }

    private static string Figure(Bar bar) => bar.Value switch
    {
        null => "not measured",
        < 0 => "never",
        { } value => Number(value) + (bar.Added is { } added ? " + " + Number(added) : "") + (bar.Beyond is { } beyond ? " / " + Number(beyond) : ""),
    };

    public static string Number(double value) => value.ToString(value is < 10 and not 0 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
