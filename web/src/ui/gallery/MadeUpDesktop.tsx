/** A desktop that isn't one: for the gallery, where no picture comes in. */
export function MadeUpDesktop() {
  return (
    <div className="made-up" aria-hidden="true">
      <svg viewBox="0 0 1920 1080" preserveAspectRatio="xMidYMid meet" fontFamily="Inter Variable, sans-serif">
        <defs>
          <linearGradient id="sky" x1="0" y1="0" x2="0.6" y2="1">
            <stop offset="0" stopColor="#5b93a8" /><stop offset="0.55" stopColor="#35617a" /><stop offset="1" stopColor="#213f54" />
          </linearGradient>
        </defs>
        <rect width="1920" height="1080" fill="url(#sky)" />
        <path d="M0 860 C420 700 760 960 1180 800 S1720 700 1920 780 V1080 H0Z" fill="#1c394c" opacity="0.55" />
        <path d="M0 960 C480 840 900 1010 1340 900 S1800 880 1920 900 V1080 H0Z" fill="#162f40" opacity="0.7" />
        <Window x={140} y={170} width={820} height={560} title="Printer settings">
          <text x="40" y="110" fontSize="30" fontWeight="620" fill="#22252a">Office printer</text>
          {['Status', 'Queue', 'Address', 'Driver'].map((label, at) => (
            <g key={label} fontSize="24" transform={`translate(40 ${190 + at * 56})`}>
              <text fill="#6a6f76">{label}</text>
              <text x="220" fill="#22252a">{['Offline', '3 documents waiting', 'ipp://office-2.local', 'Everywhere'][at]}</text>
            </g>
          ))}
          <rect x="40" y="440" width="230" height="64" rx="8" fill="#2f6f8f" /><text x="76" y="480" fontSize="24" fill="#fff">Print a test</text>
          <rect x="290" y="440" width="170" height="64" rx="8" fill="#eceef0" /><text x="326" y="480" fontSize="24" fill="#22252a">Remove</text>
        </Window>
        <Window x={1040} y={340} width={740} height={500} title="notes.txt">
          {['The printer says Offline since Monday.', 'Restarted it twice, no change.', '', 'Anna calls back on Thursday.'].map((line, at) => (
            <text key={line} x="36" y={112 + at * 44} fontSize="25" fill="#2a2d31" fontFamily="DejaVu Sans Mono, monospace">{line}</text>
          ))}
        </Window>
        <rect y="1024" width="1920" height="56" fill="#0f2230" opacity="0.82" />
        {[24, 84, 144, 204].map((x, at) => <rect key={x} x={x} y="1036" width="32" height="32" rx="8" fill={['#d9b26a', '#8fb8c9', '#c98f7a', '#a3c08a'][at]} />)}
        <text x="1810" y="1060" fontSize="22" fill="#dfe8ec">14:07</text>
      </svg>
    </div>
  );
}

function Window({ x, y, width, height, title, children }: {
  x: number; y: number; width: number; height: number; title: string; children: React.ReactNode;
}) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect x="-6" y="4" width={width + 12} height={height + 12} rx="16" fill="#06121a" opacity="0.28" />
      <rect width={width} height={height} rx="12" fill="#fff" />
      <path d={`M0 12 a12 12 0 0 1 12 -12 H${width - 12} a12 12 0 0 1 12 12 V52 H0Z`} fill="#e6e9eb" />
      <text x="24" y="35" fontSize="22" fill="#3c4147">{title}</text>
      {[0, 1, 2].map((at) => <circle key={at} cx={width - 32 - at * 34} cy="26" r="9" fill="#c3c9cd" />)}
      {children}
    </g>
  );
}
