using System.Text;

namespace Alongside.Server.Web;

/// <summary>
/// `GET /get`: a shell script that fetches the host for the system it runs on, checks it, and starts it:
/// <c>curl -fsSL https://help.example.org/get | sh -s -- 482190573</c>. The code is an argument of the shell and goes to the host program; it is in no
/// request. The hashes are part of the script, so what is run is what this server offered when the script was fetched.
/// </summary>
public static class GetScript
{
    public static string Render(string server, string? fingerprint, IReadOnlyList<Download> downloads)
    {
        var cases = new StringBuilder();
        foreach (var download in downloads.Where(download => !download.File.EndsWith(".exe", StringComparison.Ordinal)))
        {
            cases.Append($"  {download.System}) file={download.File} sum={download.Sha256} ;;\n");
        }

        return Script
            .Replace("@SERVER@", server, StringComparison.Ordinal)
            .Replace("@FINGERPRINT@", fingerprint ?? "", StringComparison.Ordinal)
            .Replace("@CASES@", cases.ToString(), StringComparison.Ordinal);
    }

    // Everything is inside main, which is called in the last line: a script that was cut off on its way does nothing.
    private const string Script = """
        #!/bin/sh
        # Fetches Alongside's host from @SERVER@, checks it, and starts it.
        #   sh get 482190573     with the code you were told
        #   sh get               to get a code
        set -eu

        say() { printf '%s\n' "$*" >&2; }
        stop() { say "$*"; exit 1; }

        main() {
        server='@SERVER@'
        fingerprint='@FINGERPRINT@'

        case "$(uname -s)" in
          Linux) system=linux ;;
          *) stop "There is no host for $(uname -s) here yet." ;;
        esac
        case "$(uname -m)" in
          x86_64 | amd64) system=$system-x64 ;;
          aarch64 | arm64) system=$system-arm64 ;;
          *) stop "There is no host for $(uname -m) here yet." ;;
        esac
        file=
        case "$system" in
        @CASES@  *) ;;
        esac
        [ -n "$file" ] || stop "This server offers no host for $system."

        umask 077
        folder=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/alongside
        mkdir -p "$folder" 2>/dev/null || folder=$(mktemp -d)
        program=$folder/$file-$(printf '%.12s' "$sum")

        matches() { [ "$(sha256sum "$1" 2>/dev/null | cut -d ' ' -f 1)" = "$sum" ]; }

        if ! matches "$program"; then
          say "Fetching $file from $server ..."
          part=$(mktemp "$folder/part.XXXXXX")
          trap 'rm -f "$part"' EXIT
          # With a certificate that only its fingerprint vouches for, the hash below is what makes the file safe.
          if command -v curl >/dev/null 2>&1; then
            curl -fsSL ${fingerprint:+-k} -o "$part" "$server/download/$file" || stop "It could not be fetched."
          elif command -v wget >/dev/null 2>&1; then
            wget -q ${fingerprint:+--no-check-certificate} -O "$part" "$server/download/$file" || stop "It could not be fetched."
          else
            stop "Either curl or wget is needed."
          fi
          matches "$part" || stop "What came is not what the server announced. Nothing was started."
          chmod 700 "$part"
          mv -f "$part" "$program"
          trap - EXIT
        fi

        if [ $# -eq 0 ]; then
          set -- --open
        elif [ "${1#--}" = "$1" ]; then
          code=$1
          shift
          set -- --join "$code" "$@"
        fi
        if [ -n "$fingerprint" ]; then
          set -- --fingerprint "$fingerprint" "$@"
        fi
        # The script comes through standard input; questions are asked on the terminal.
        if [ ! -t 0 ] && (: </dev/tty) 2>/dev/null; then
          exec "$program" --server "$server" "$@" </dev/tty
        fi
        exec "$program" --server "$server" "$@"
        }

        main "$@"

        """;
}
