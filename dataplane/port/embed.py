#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write the bytes of a file as the C array dp_xdp_object.

    embed.py IN OUT
"""
import sys

with open(sys.argv[1], 'rb') as source:
    BYTES = source.read()
with open(sys.argv[2], 'w', encoding='ascii') as out:
    out.write('/* SPDX-License-Identifier: BSD-3-Clause */\n'
              '#include "xdp_object.h"\n\n'
              'alignas(8) const uint8_t dp_xdp_object[] = {\n')
    for at in range(0, len(BYTES), 16):
        out.write('\t' + ''.join(f'{byte},' for byte in BYTES[at:at + 16]) + '\n')
    out.write(f'}};\nconst size_t dp_xdp_object_len = {len(BYTES)};\n')
